const verbs =
  "(?:create|add|new|make|define|set_up|setup|enable|write|update|insert|backfill|fill|migrate|fix|set)";

/** The table that a migration's name speaks of (`create_orders_table`, `add_policies_to_orders`), or undefined. */
export function guessTable(name: string, kindWords: readonly string[]): string | undefined {
  const kinds = kindWords.join("|");
  const placed = /_(?:to|on|for|in|of)_([a-z0-9_]+)$/.exec(name)?.[1];
  const text = placed ?? name.replace(new RegExp(`^${verbs}_`), "");
  const bare = text
    .replace(new RegExp(`^(?:(?:${kinds}|table)_)+`), "")
    .replace(new RegExp(`(?:_(?:${kinds}|table))+$`), "");
  return isNoName(bare, kindWords) ? undefined : bare;
}

/**
 * The `table.column` that a migration's name speaks of (`add_status_to_orders`, `add_index_on_orders_customer_id`), or undefined.
 * Where both stand side by side, the table ends with its first plural: `order_items_product_id`.
 */
export function guessColumn(name: string, kindWords: readonly string[]): string | undefined {
  const kinds = kindWords.join("|");
  const words = name.replace(new RegExp(`^${verbs}_`), "");
  const placed = /^(?:(.+)_)?(?:to|on|for|in|of)_([a-z0-9_]+)$/.exec(words);
  const column = stripKinds(placed?.[1] ?? "", kinds);
  if (placed?.[2] !== undefined && column !== "") return `${placed[2].replace(/_table$/, "")}.${column}`;
  const sideBySide = /^((?:[a-z0-9]+_)*?[a-z0-9]*[a-z]s)_([a-z0-9_]+)$/.exec(
    stripKinds(placed?.[2] ?? words, kinds),
  );
  return sideBySide === null ? undefined : `${sideBySide[1] ?? ""}.${sideBySide[2] ?? ""}`;
}

function stripKinds(text: string, kinds: string): string {
  const whole = new RegExp(`^(?:${kinds})$`);
  if (whole.test(text)) return "";
  return text.replace(new RegExp(`^(?:(?:${kinds})_)+`), "").replace(new RegExp(`(?:_(?:${kinds}))+$`), "");
}

function isNoName(text: string, kindWords: readonly string[]): boolean {
  return text === "" || /^[0-9]/.test(text) || text === "table" || kindWords.includes(text);
}
