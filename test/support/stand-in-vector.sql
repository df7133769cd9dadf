-- vector: for real servers that have no pgvector. Vectors are kept as their text; distances are computed for real, by SQL.
-- hnsw and ivfflat are hash indexes under other names: they can be made, dropped and described, but speed nothing up,
-- and they refuse storage parameters (lists, m, ef_construction), which only a C library can declare. Dimensions are not checked.
create type @extschema@.vector;
create function @extschema@.vector_in(cstring) returns @extschema@.vector language internal immutable strict parallel safe as 'textin';
create function @extschema@.vector_out(@extschema@.vector) returns cstring language internal immutable strict parallel safe as 'textout';
create function @extschema@.vector_typmod_in(cstring[]) returns integer language internal immutable strict parallel safe as 'varchartypmodin';
create function @extschema@.vector_typmod_out(integer) returns cstring language internal immutable strict parallel safe as 'varchartypmodout';
create type @extschema@.vector (
  input = @extschema@.vector_in, output = @extschema@.vector_out,
  typmod_in = @extschema@.vector_typmod_in, typmod_out = @extschema@.vector_typmod_out,
  internallength = variable, alignment = int4, storage = external
);

create function @extschema@.vector_to_float8(a @extschema@.vector) returns double precision[] language sql immutable strict parallel safe as $$
  select translate(a::text, '[]', '{}')::double precision[]
$$;
create function @extschema@.array_to_vector(real[], integer, boolean) returns @extschema@.vector language sql immutable strict parallel safe as $$
  select ('[' || array_to_string($1, ',') || ']')::@extschema@.vector
$$;
create function @extschema@.array_to_vector(double precision[], integer, boolean) returns @extschema@.vector language sql immutable strict parallel safe as $$
  select ('[' || array_to_string($1, ',') || ']')::@extschema@.vector
$$;
create function @extschema@.vector_to_float4(@extschema@.vector, integer, boolean) returns real[] language sql immutable strict parallel safe as $$
  select translate($1::text, '[]', '{}')::real[]
$$;
create cast (real[] as @extschema@.vector) with function @extschema@.array_to_vector(real[], integer, boolean) as assignment;
create cast (double precision[] as @extschema@.vector) with function @extschema@.array_to_vector(double precision[], integer, boolean) as assignment;
create cast (@extschema@.vector as real[]) with function @extschema@.vector_to_float4(@extschema@.vector, integer, boolean) as implicit;

create function @extschema@.vector_dims(@extschema@.vector) returns integer language sql immutable strict parallel safe as $$
  select cardinality(@extschema@.vector_to_float8($1))
$$;
create function @extschema@.vector_norm(@extschema@.vector) returns double precision language sql immutable strict parallel safe as $$
  select sqrt(sum(x * x)) from unnest(@extschema@.vector_to_float8($1)) as x
$$;
create function @extschema@.inner_product(@extschema@.vector, @extschema@.vector) returns double precision language sql immutable strict parallel safe as $$
  select sum(x * y) from unnest(@extschema@.vector_to_float8($1), @extschema@.vector_to_float8($2)) as pair (x, y)
$$;
create function @extschema@.vector_negative_inner_product(@extschema@.vector, @extschema@.vector) returns double precision
language sql immutable strict parallel safe as $$ select -@extschema@.inner_product($1, $2) $$;
create function @extschema@.l2_distance(@extschema@.vector, @extschema@.vector) returns double precision language sql immutable strict parallel safe as $$
  select sqrt(sum((x - y) ^ 2)) from unnest(@extschema@.vector_to_float8($1), @extschema@.vector_to_float8($2)) as pair (x, y)
$$;
create function @extschema@.l1_distance(@extschema@.vector, @extschema@.vector) returns double precision language sql immutable strict parallel safe as $$
  select sum(abs(x - y)) from unnest(@extschema@.vector_to_float8($1), @extschema@.vector_to_float8($2)) as pair (x, y)
$$;
create function @extschema@.cosine_distance(@extschema@.vector, @extschema@.vector) returns double precision language sql immutable strict parallel safe as $$
  select 1 - @extschema@.inner_product($1, $2) / nullif(@extschema@.vector_norm($1) * @extschema@.vector_norm($2), 0)
$$;

create operator @extschema@.<-> (leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.l2_distance, commutator = operator(@extschema@.<->));
create operator @extschema@.<#> (leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_negative_inner_product, commutator = operator(@extschema@.<#>));
create operator @extschema@.<=> (leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.cosine_distance, commutator = operator(@extschema@.<=>));
create operator @extschema@.<+> (leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.l1_distance, commutator = operator(@extschema@.<+>));

create function @extschema@.vector_eq(@extschema@.vector, @extschema@.vector) returns boolean language internal immutable strict parallel safe as 'byteaeq';
create function @extschema@.vector_ne(@extschema@.vector, @extschema@.vector) returns boolean language internal immutable strict parallel safe as 'byteane';
create function @extschema@.vector_hash(@extschema@.vector) returns integer language internal immutable strict parallel safe as 'hashvarlena';
create operator @extschema@.= (leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_eq);
create operator @extschema@.<> (leftarg = @extschema@.vector, rightarg = @extschema@.vector, function = @extschema@.vector_ne);

create function @extschema@.hnswhandler(internal) returns index_am_handler language internal as 'hashhandler';
create function @extschema@.ivfflathandler(internal) returns index_am_handler language internal as 'hashhandler';
create access method hnsw type index handler @extschema@.hnswhandler;
create access method ivfflat type index handler @extschema@.ivfflathandler;

do $operator_classes$
declare
  method text;
  class text;
begin
  foreach method in array array['hnsw', 'ivfflat'] loop
    foreach class in array array['vector_l2_ops', 'vector_ip_ops', 'vector_cosine_ops', 'vector_l1_ops'] loop
      execute format(
        'create operator class @extschema@.%1$I %3$s for type @extschema@.vector using %2$I as operator 1 @extschema@.=, function 1 @extschema@.vector_hash(@extschema@.vector)',
        class, method, case when method = 'ivfflat' and class = 'vector_l2_ops' then 'default' else '' end
      );
    end loop;
  end loop;
end
$operator_classes$;
