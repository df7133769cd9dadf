import * as z from "zod";
import { sql } from "../../database/sql.ts";
import { address } from "../address.ts";
import type { Family } from "../fact-draft.ts";
import { maybeText, oid } from "../row-fields.ts";

const rows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    provider: z.string(),
    is_deterministic: z.boolean(),
    collate: maybeText,
    ctype: maybeText,
    locale: maybeText,
    rules: maybeText,
  }),
);

const providers: Readonly<Record<string, string>> = { b: "builtin", c: "libc", i: "icu", d: "default" };

/** Collations; the version of the library they were made with is not compared. */
export const collations: Family = {
  name: "collations",
  query: sql`
    select
      c.oid,
      ns.nspname as schema,
      c.collname as name,
      pg_catalog.pg_get_userbyid(c.collowner) as owner,
      c.collprovider as provider,
      c.collisdeterministic as is_deterministic,
      c.collcollate as "collate",
      c.collctype as ctype,
      coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale') as locale,
      to_jsonb(c) ->> 'collicurules' as rules
    from pg_catalog.pg_collation c
    join ns on ns.oid = c.collnamespace
    where c.oid not in (select objid from ext where classid = 'pg_catalog.pg_collation'::regclass)`,
  toDrafts: (given) =>
    rows.parse(given).map((collation) => ({
      id: { kind: "collation", schema: collation.schema, name: collation.name },
      addresses: [address("pg_collation", collation.oid)],
      owner: collation.owner,
      attributes: {
        provider: providers[collation.provider],
        nondeterministic: !collation.is_deterministic,
        collate: collation.collate ?? undefined,
        ctype: collation.ctype ?? undefined,
        locale: collation.locale ?? undefined,
        rules: collation.rules ?? undefined,
      },
    })),
};

const conversionRows = z.array(
  z.object({
    oid,
    schema: z.string(),
    name: z.string(),
    owner: z.string(),
    source: z.string(),
    target: z.string(),
    function: z.string(),
    is_default: z.boolean(),
  }),
);

/** Conversions between encodings. */
export const conversions: Family = {
  name: "conversions",
  query: sql`
    select
      c.oid,
      ns.nspname as schema,
      c.conname as name,
      pg_catalog.pg_get_userbyid(c.conowner) as owner,
      pg_catalog.pg_encoding_to_char(c.conforencoding) as source,
      pg_catalog.pg_encoding_to_char(c.contoencoding) as target,
      c.conproc::regproc::text as function,
      c.condefault as is_default
    from pg_catalog.pg_conversion c
    join ns on ns.oid = c.connamespace
    where c.oid not in (select objid from ext where classid = 'pg_catalog.pg_conversion'::regclass)`,
  toDrafts: (given) =>
    conversionRows.parse(given).map((conversion) => ({
      id: { kind: "conversion", schema: conversion.schema, name: conversion.name },
      addresses: [address("pg_conversion", conversion.oid)],
      owner: conversion.owner,
      attributes: {
        source: conversion.source,
        target: conversion.target,
        function: conversion.function,
        isDefault: conversion.is_default,
      },
    })),
};
