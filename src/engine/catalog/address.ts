declare const addressBrand: unique symbol;

/** Where an object lies in one database's catalogs: `<catalog>:<oid>`, or `<catalog>:<oid>:<column>`; of no use outside one snapshot. */
export type Address = string & { readonly [addressBrand]: true };

/** The catalogs' own OIDs, fixed in all versions (PostgreSQL, src/include/catalog/pg_*.h). */
export const catalogOids = {
  pg_am: "2601",
  pg_attrdef: "2604",
  pg_amop: "2602",
  pg_amproc: "2603",
  pg_cast: "2605",
  pg_class: "1259",
  pg_collation: "3456",
  pg_constraint: "2606",
  pg_conversion: "2607",
  pg_default_acl: "826",
  pg_event_trigger: "3466",
  pg_extension: "3079",
  pg_foreign_data_wrapper: "2328",
  pg_foreign_server: "1417",
  pg_language: "2612",
  pg_namespace: "2615",
  pg_opclass: "2616",
  pg_operator: "2617",
  pg_opfamily: "2753",
  pg_policy: "3256",
  pg_proc: "1255",
  pg_publication: "6104",
  pg_publication_namespace: "6237",
  pg_publication_rel: "6106",
  pg_rewrite: "2618",
  pg_statistic_ext: "3381",
  pg_subscription: "6100",
  pg_transform: "3576",
  pg_trigger: "2620",
  pg_ts_config: "3602",
  pg_ts_dict: "3600",
  pg_ts_parser: "3601",
  pg_ts_template: "3764",
  pg_type: "1247",
  pg_user_mapping: "1418",
} as const;

/** The address of an object, or of one column of a relation. */
export function address(catalog: keyof typeof catalogOids, oid: string, column = 0): Address {
  return rawAddress(catalogOids[catalog], oid, column);
}

/** The address that pg_depend and its like give by numbers. */
export function rawAddress(catalogOid: string, oid: string, column: number): Address {
  return `${catalogOid}:${oid}${column === 0 ? "" : `:${column}`}` as Address;
}

/** The relation's address where this is a column's; else itself. */
export function withoutColumn(given: Address): Address {
  const end = given.indexOf(":", given.indexOf(":") + 1);
  return (end === -1 ? given : given.slice(0, end)) as Address;
}
