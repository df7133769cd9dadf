/** The first items in words, and how many more there are, for a sentence: `a, b and 7 more`. */
export function listFew<T>(items: readonly T[], most: number, describe: (item: T) => string): string {
  const shown = items.slice(0, most).map(describe).join(", ");
  return items.length > most ? `${shown} and ${items.length - most} more` : shown;
}
