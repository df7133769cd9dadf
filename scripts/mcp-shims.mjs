// Stands in for the SDK's Node shims in the bundle: the same names, with the validator that loads fast.
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
export { default as process } from "node:process";
