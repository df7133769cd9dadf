import type { ProgramSettings } from "../engine/index.ts";
import type { SettingValues } from "./settings.ts";

/**
 * The HTTP API beside the database, where its address and one way in are known. With several targets it must be the API of a
 * hosted project: of any other address nobody knows to which target it belongs.
 */
export function projectApi(
  values: SettingValues,
  target: ProgramSettings["target"],
): Pick<ProgramSettings, "api"> {
  const ref = values["supabase-project-ref"];
  const url = values["supabase-url"] ?? (ref === undefined ? undefined : `https://${ref}.supabase.co`);
  const {
    "supabase-anon-key": anonKey,
    "supabase-service-role-key": serviceRoleKey,
    "supabase-jwt-secret": jwtSecret,
  } = values;
  if (url === undefined || (anonKey ?? serviceRoleKey ?? jwtSecret) === undefined) return {};
  if (target.kind === "labelled" && !/^https:\/\/[a-z]{20}\.supabase\.co$/.test(url)) return {};
  return {
    api: {
      url,
      ...(anonKey === undefined ? {} : { anonKey }),
      ...(serviceRoleKey === undefined ? {} : { serviceRoleKey }),
      ...(jwtSecret === undefined ? {} : { jwtSecret }),
    },
  };
}
