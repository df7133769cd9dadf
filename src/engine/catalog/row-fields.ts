import * as z from "zod";

/** An OID, which JSON of Postgres gives as text. */
export const oid = z.string();

/** Privileges as Postgres prints them; null where nothing was ever granted or revoked. */
export const acl = z.array(z.string()).nullable();

/** Text that may be missing. */
export const maybeText = z.string().nullable();

/** A number that may be missing. */
export const maybeNumber = z.number().nullable();

/** A list of texts that may be missing. */
export const maybeTexts = z.array(z.string()).nullable();
