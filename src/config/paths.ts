import { isAbsolute, resolve } from "node:path";

/** A path as it is where it is absolute, else below `base`. */
export function toAbsolute(path: string, base: string): string {
  return isAbsolute(path) ? path : resolve(base, path);
}
