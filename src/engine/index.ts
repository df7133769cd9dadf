export { EngineError, errorTable, type ErrorCode, type ErrorDetails, type ErrorKind } from "./errors.ts";
export type { EngineEvent } from "./model/event.ts";
export type { CreateBaselineReport } from "./model/baseline-report.ts";
export type * from "./model/report.ts";
export type { Finding, FindingCode, Severity } from "./model/finding.ts";
export type * from "./requests.ts";
export { templateNames, type TemplateName } from "./files/templates.ts";
export type { EngineSettings } from "./engine.ts";
export { createEngine } from "./lazy-engine.ts";
