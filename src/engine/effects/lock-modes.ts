/** Table-level lock modes, the weakest first (PostgreSQL 18, "Table-Level Locks"). */
const modes = [
  "AccessShare",
  "RowShare",
  "RowExclusive",
  "ShareUpdateExclusive",
  "Share",
  "ShareRowExclusive",
  "Exclusive",
  "AccessExclusive",
];

/** The strongest of some lock modes. */
export function strongestLock(given: readonly string[]): string {
  return given.reduce((strongest, mode) => (isWeaker(strongest, mode) ? mode : strongest), "AccessShare");
}

/** True where the first mode stands in fewer others' way than the second. */
export function isWeaker(mode: string, than: string): boolean {
  return modes.indexOf(mode) < modes.indexOf(than);
}
