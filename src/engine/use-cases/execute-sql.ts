import { EngineError } from "../errors.ts";
import { runReadOnlyQuery } from "../execute/read-only-query.ts";
import { runWrite } from "../execute/run-write.ts";
import type { ExecuteSqlReport } from "../model/report.ts";
import { describeRows } from "../report/describe-rows.ts";
import { describeFailure } from "../report/failure.ts";
import type { CallContext, ExecuteSqlRequest } from "../requests.ts";
import { judgeReadOnlyQuery, type QueryVerdict } from "../sql/read-only.ts";
import { assertWritable, newFence, openTarget, type EngineContext } from "./context.ts";
