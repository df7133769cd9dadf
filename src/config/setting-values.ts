import * as z from "zod";

/** A text that is not empty. */
export const text = () => z.string({ error: "is not a text" }).min(1, { error: "is empty" });

/** Only these spellings: a mistyped switch must never pass for off. */
export const booleanText = () =>
  z
    .union([z.boolean(), z.enum(["true", "false", "1", "0"])], {
      error: "is neither true nor false (nor 1 or 0)",
    })
    .transform((value) => value === true || value === "true" || value === "1");

const wholeNumber = (unit: string, most: number, tooLong: string) => () => {
  const error = `is not a whole number of ${unit}`;
  return z
    .union([z.int({ error }).min(0, { error }), z.string().regex(/^\d{1,10}$/, { error })], { error })
    .transform(Number)
    .refine((value) => value <= most, { error: tooLong });
};

/** A whole number of milliseconds that Postgres takes. */
export const milliseconds = wholeNumber("milliseconds", 2_147_483_647, "is longer than Postgres allows");
/** A whole number of hours, up to a year. */
export const hours = wholeNumber("hours", 8_784, "is longer than a year");

/** A Postgres address. */
export const databaseUrl = () =>
  text().refine((value) => /^postgres(ql)?:\/\/./.test(value), {
    error: "is not a database URL: it begins with postgresql://",
  });

/** A Supabase project's ref. */
export const projectRef = () =>
  text().refine((value) => /^[a-z]{20}$/.test(value), {
    error: "is no project's ref: that is the 20 lower-case letters in the dashboard's address",
  });

/** An address to which a token may travel: encrypted, or this machine. Without a slash at its end. */
export const apiUrl = () =>
  text()
    .refine(
      (value) => /^https:\/\/[^\s@]+$|^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\/?$/.test(value),
      {
        error: "is not an https address, such as https://api.supabase.com",
      },
    )
    .transform((value) => value.replace(/\/+$/, ""));

/** A project's API as its apps know it: self-hosted ones are often reached without TLS. Without a slash at its end. */
export const projectUrl = () =>
  text()
    .refine((value) => /^https?:\/\/[^\s@/]+\/?$/.test(value) && URL.canParse(value), {
      error: "is not the address of a project's API, such as https://REF.supabase.co",
    })
    .transform((value) => value.replace(/\/$/, ""));

/** A bearer token that nobody guesses. */
export const token = () =>
  text().refine((value) => /^[\x21-\x7e]{16,}$/.test(value), {
    error: "is no safe token: it has 16 or more visible characters",
  });

const list = () =>
  z
    .union([z.array(text()), text().transform((value) => value.split(",").map((part) => part.trim()))], {
      error: "is not a list",
    })
    .transform((values) => values.filter((value) => value !== ""));

/** Host names, with commas between them or as a list. */
export const hostName = () =>
  list().refine((hosts) => hosts.every((host) => /^[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/i.test(host)), {
    error: "holds something that is not a bare host name, such as db.example.com",
  });

/** Web origins, with commas between them or as a list. */
export const origins = () =>
  list().refine((values) => values.every((value) => /^[a-z][a-z0-9+.-]*:\/\/[^/\s*]+$/i.test(value)), {
    error: "holds something that is not an origin, such as https://app.example.com",
  });

/** `host:port`, `:port`, `port` or `host`; the loopback address and a free port where they are absent. */
export const listenAddress = () =>
  z.string({ error: "is not host:port" }).transform((value, context) => {
    if (value === "") return { host: "127.0.0.1", port: 0 };
    const parts =
      /^(?:(?<host>\[[0-9a-f:]+\]|[a-z0-9.-]*):)?(?<port>\d{1,5})$|^(?<alone>\[[0-9a-f:]+\]|[a-z0-9.-]+)$/i.exec(
        value,
      )?.groups;
    if (parts === undefined || Number(parts["port"] ?? 0) > 65_535) {
      context.addIssue({ code: "custom", message: "is not host:port" });
      return z.NEVER;
    }
    const host = parts["host"] ?? parts["alone"] ?? "";
    const port = parts["port"] ?? 0;
    return { host: host === "" ? "127.0.0.1" : host.replace(/^\[|\]$/g, ""), port: Number(port) };
  });

/** A whole number up to a million. */
export const count = wholeNumber("requests", 1_000_000, "is more than a million");

/** An address on the web: https, or http on loopback. */
export const webUrl = () =>
  text().refine(isWebUrl, {
    error: "is no https address (http only on loopback), such as https://id.example.com",
  });

function isWebUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, search, hash } = new URL(value);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return (protocol === "https:" || (protocol === "http:" && isLocal)) && `${username}${search}${hash}` === "";
}
