import type { SetUpBucket, SetUpJob, SetUpQueue, SetUpRows } from "../../model/set-up-rows.ts";
import { literal } from "../schema-change/names.ts";
import type { BaselineStatement } from "./baseline-statement.ts";
import { looksSecret } from "./looks-secret.ts";

/** The rows that belong to a project's set-up as statements; what must not stand in a file is left out and named. */
export interface WrittenRows {
  readonly statements: readonly BaselineStatement[];
  /** The rows that the statements make. */
  readonly kept: SetUpRows;
  /** What has to be made by hand, and why. */
  readonly leftOut: readonly string[];
}

/** Buckets, cron jobs and queues. */
export function writeRows(rows: SetUpRows): WrittenRows {
  const kept = writableRows(rows);
  const { buckets, jobs, queues } = kept;
  return {
    statements: [
      ...buckets.map((bucket) => ({ section: "Storage buckets", sql: writeBucket(bucket) })),
      ...queues.map((queue) => ({ section: "Queues", sql: writeQueue(queue) })),
      ...jobs.map((job) => ({ section: "Cron jobs", sql: writeJob(job) })),
    ],
    kept,
    leftOut: [
      ...rows.jobs.filter((job) => !jobs.includes(job)).map(describeSecretJob),
      ...rows.queues.filter((queue) => !queues.includes(queue)).map(describePartitionedQueue),
    ],
  };
}

/** The rows without those that no file may or can hold. */
export function writableRows(rows: SetUpRows): SetUpRows {
  return {
    ...rows,
    jobs: rows.jobs.filter(({ command }) => !looksSecret(command)),
    queues: rows.queues.filter(({ isPartitioned }) => !isPartitioned),
  };
}

function describeSecretJob({ name, schedule }: SetUpJob): string {
  return `cron job ${JSON.stringify(name ?? schedule)}: its command seems to hold a secret`;
}

function describePartitionedQueue({ name }: SetUpQueue): string {
  return `queue ${JSON.stringify(name)}: it is partitioned, and its intervals cannot be read`;
}

function writeBucket(bucket: SetUpBucket): string {
  const { id, name, isPublic, fileSizeLimit, allowedMimeTypes } = bucket;
  const values: readonly (readonly [string, string])[] = [
    ["id", literal(id)],
    ["name", literal(name)],
    ["public", String(isPublic)],
    ...(fileSizeLimit === undefined ? [] : [["file_size_limit", fileSizeLimit] as const]),
    ...(allowedMimeTypes === undefined
      ? []
      : [["allowed_mime_types", `array[${allowedMimeTypes.map(literal).join(", ")}]::text[]`] as const]),
  ];
  const columns = values.map(([column]) => column).join(", ");
  const row = values.map(([, value]) => value).join(", ");
  return `insert into storage.buckets (${columns})\nvalues (${row})\non conflict (id) do nothing`;
}

function writeQueue({ name, isUnlogged }: SetUpQueue): string {
  return `select pgmq.${isUnlogged ? "create_unlogged" : "create"}(${literal(name)})`;
}

function writeJob({ name, schedule, command, otherDatabase, isActive }: SetUpJob): string {
  const named = name === undefined ? [] : [literal(name)];
  const call =
    otherDatabase === undefined
      ? `cron.schedule(${[...named, literal(schedule), quoteBody(command)].join(", ")})`
      : `cron.schedule_in_database(${[literal(name ?? ""), literal(schedule), quoteBody(command), literal(otherDatabase)].join(", ")})`;
  return isActive ? `select ${call}` : `select cron.alter_job(job_id := ${call}, active := false)`;
}

/** Dollar quotes with a word that the body does not hold, so that it reads as it was written. */
function quoteBody(body: string): string {
  for (let count = 0; ; count += 1) {
    const mark = `$job${count === 0 ? "" : count}$`;
    if (!body.includes(mark) && !body.endsWith(mark.slice(0, -1))) return `${mark}${body}${mark}`;
  }
}
