import { securityDefinerExecutableBy } from "../security-definer-executable.ts";

/** A function of the API that runs with its owner's rights and that authenticated may call. */
export const authenticatedSecurityDefinerFunctionExecutable = securityDefinerExecutableBy("authenticated");
