import { readLiveSchema } from "../execute/read-live-catalog.ts";
import type { DescribeSchemaReport } from "../model/schema-report.ts";
import { describeSchema as describe } from "../report/describe-schema.ts";
import type { CallContext, DescribeSchemaRequest } from "../requests.ts";
import { newFence, openTarget, type EngineContext } from "./context.ts";

/** Tells what the live schema consists of. Changes nothing. */
export async function describeSchema(
  engine: EngineContext,
  { detail = "columns", ...request }: DescribeSchemaRequest,
  call: CallContext,
): Promise<DescribeSchemaReport> {
  const database = await openTarget(engine, call);
  const catalog = await readLiveSchema(database);
  const isWhole = call.answerSize === "whole";
  return describe(
    catalog,
    { ...request, detail, isWhole },
    { fence: newFence(), target: database.target.label },
  );
}
