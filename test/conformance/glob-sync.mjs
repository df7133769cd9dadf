// The suite imports globSync from fs, which Node 20 does not have, for a command that is not used here.
import fs from "node:fs";
import { register } from "node:module";

const stub = `export * from "node:fs"; export { default } from "node:fs"; export const globSync = () => [];`;
const hooks = `
  const stub = "data:text/javascript," + ${JSON.stringify(encodeURIComponent(stub))};
  export async function resolve(specifier, context, next) {
    const isAsked = specifier === "fs" && context.parentURL?.includes("/conformance/dist/");
    return isAsked ? { url: stub, shortCircuit: true } : next(specifier, context);
  }`;
/** Lets the suite be imported on Node 20. */
export function provideGlobSync() {
  if (fs.globSync === undefined) register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
