import { securityDefinerExecutableBy } from "../security-definer-executable.ts";

/** A function of the API that runs with its owner's rights and that anon may call. */
export const anonSecurityDefinerFunctionExecutable = securityDefinerExecutableBy("anon");
