const collator = new Intl.Collator("en");

/** Orders names as Supabase's generator does, whatever the machine's language. */
export function byEnglish(a: string, b: string): number {
  return collator.compare(a, b);
}
