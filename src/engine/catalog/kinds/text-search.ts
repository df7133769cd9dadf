import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeText, oid } from "../row-fields.ts";

const configurationRows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    parser: z.string(),
    mappings: z.record(z.string(), z.array(z.string())).nullable(),
  }),
);

/** Text search configurations; a mapping's attribute is named for its token type and lists dictionaries in their order. */
export const textSearchConfigurations: Family = {
  name: "text_search_configurations",
  query: sql`
    select
      c.oid,
      ns.nspname as schema,
      c.cfgname as name,
      pg_catalog.pg_get_userbyid(c.cfgowner) as owner,
      pg_catalog.format('%I.%I', pn.nspname, p.prsname) as parser,
      (
        select jsonb_object_agg(m.alias, m.dictionaries)
        from (
          select t.alias, array_agg(pg_catalog.format('%I.%I', dn.nspname, d.dictname) order by g.mapseqno) as dictionaries
          from pg_catalog.pg_ts_config_map g
          join pg_catalog.pg_ts_dict d on d.oid = g.mapdict
          join pg_catalog.pg_namespace dn on dn.oid = d.dictnamespace
          join pg_catalog.ts_token_type(c.cfgparser) t on t.tokid = g.maptokentype
          where g.mapcfg = c.oid
          group by t.alias
        ) m
      ) as mappings
    from pg_catalog.pg_ts_config c
    join ns on ns.oid = c.cfgnamespace
    join pg_catalog.pg_ts_parser p on p.oid = c.cfgparser
    join pg_catalog.pg_namespace pn on pn.oid = p.prsnamespace
    where c.oid not in (select objid from ext where classid = 'pg_catalog.pg_ts_config'::regclass)`,
  toDrafts: (given) =>
    configurationRows.parse(given).map((configuration) => ({
      id: { kind: "text_search_configuration", schema: configuration.schema, name: configuration.name },
      addresses: [address("pg_ts_config", configuration.oid)],
      owner: configuration.owner,
      attributes: {
        parser: configuration.parser,
        ...Object.fromEntries(
          Object.entries(configuration.mappings ?? {}).map(([token, dictionaries]) => [
            `mapping.${token}`,
            dictionaries,
          ]),
        ),
      },
    })),
};

const dictionaryRows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    template: z.string(),
    options: maybeText,
  }),
);

/** Text search dictionaries; `options` is the list as CREATE TEXT SEARCH DICTIONARY writes it. */
export const textSearchDictionaries: Family = {
  name: "text_search_dictionaries",
  query: sql`
    select
      d.oid,
      ns.nspname as schema,
      d.dictname as name,
      pg_catalog.pg_get_userbyid(d.dictowner) as owner,
      pg_catalog.format('%I.%I', tn.nspname, t.tmplname) as template,
      d.dictinitoption as options
    from pg_catalog.pg_ts_dict d
    join ns on ns.oid = d.dictnamespace
    join pg_catalog.pg_ts_template t on t.oid = d.dicttemplate
    join pg_catalog.pg_namespace tn on tn.oid = t.tmplnamespace
    where d.oid not in (select objid from ext where classid = 'pg_catalog.pg_ts_dict'::regclass)`,
  toDrafts: (given) =>
    dictionaryRows.parse(given).map((dictionary) => ({
      id: { kind: "text_search_dictionary", schema: dictionary.schema, name: dictionary.name },
      addresses: [address("pg_ts_dict", dictionary.oid)],
      owner: dictionary.owner,
      attributes: { template: dictionary.template, options: dictionary.options ?? undefined },
    })),
};

const parserRows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    start: z.string(),
    token: z.string(),
    end: z.string(),
    headline: maybeText,
    lextypes: z.string(),
  }),
);

/** Text search parsers. */
export const textSearchParsers: Family = {
  name: "text_search_parsers",
  query: sql`
    select
      p.oid,
      ns.nspname as schema,
      p.prsname as name,
      p.prsstart::regproc::text as start,
      p.prstoken::regproc::text as token,
      p.prsend::regproc::text as "end",
      case when p.prsheadline <> 0 then p.prsheadline::regproc::text end as headline,
      p.prslextype::regproc::text as lextypes
    from pg_catalog.pg_ts_parser p
    join ns on ns.oid = p.prsnamespace
    where p.oid not in (select objid from ext where classid = 'pg_catalog.pg_ts_parser'::regclass)`,
  toDrafts: (given) =>
    parserRows.parse(given).map((parser) => ({
      id: { kind: "text_search_parser", schema: parser.schema, name: parser.name },
      addresses: [address("pg_ts_parser", parser.oid)],
      attributes: {
        start: parser.start,
        token: parser.token,
        end: parser.end,
        headline: parser.headline ?? undefined,
        lextypes: parser.lextypes,
      },
    })),
};

const templateRows = z.array(
  z.object({ oid, schema: z.string(), name: z.string(), init: maybeText, lexize: z.string() }),
);

/** Text search templates. */
export const textSearchTemplates: Family = {
  name: "text_search_templates",
  query: sql`
    select
      t.oid,
      ns.nspname as schema,
      t.tmplname as name,
      case when t.tmplinit <> 0 then t.tmplinit::regproc::text end as init,
      t.tmpllexize::regproc::text as lexize
    from pg_catalog.pg_ts_template t
    join ns on ns.oid = t.tmplnamespace
    where t.oid not in (select objid from ext where classid = 'pg_catalog.pg_ts_template'::regclass)`,
  toDrafts: (given) =>
    templateRows.parse(given).map((template) => ({
      id: { kind: "text_search_template", schema: template.schema, name: template.name },
      addresses: [address("pg_ts_template", template.oid)],
      attributes: { init: template.init ?? undefined, lexize: template.lexize },
    })),
};
