/** A project's HTTP API (PostgREST behind `/rest/v1`), and what lets somebody in there. */
export interface ApiSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly anonKey?: string;
  readonly serviceRoleKey?: string;
  /** Signs tokens for other roles and for claims. */
  readonly jwtSecret?: string;
}
