/** JSON web tokens, Supabase's and GitHub's keys, and a header with a bearer's token written out: forms that their issuers document. */
const forms: readonly RegExp[] = [
  /\beyJ[\w-]{8,}\.[\w-]{8,}/,
  /\bsb(?:p|_secret|_publishable)_\w{8,}/,
  /\b(?:gh[pousr]_|github_pat_|sk_live_|rk_live_|xox[abpr]-)\w{8,}/,
  /\bbearer\s+[\w.~+/-]{16,}/i,
  /:\/\/[^\s:'"/@]+:[^\s'"/@]+@/,
];

/** True where a text holds what looks like a key or a password, so that it must not go into a file of a repository. */
export function looksSecret(text: string): boolean {
  return forms.some((form) => form.test(text));
}
