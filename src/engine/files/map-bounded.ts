const atOnce = 32;

/** Maps with a bounded number of calls under way (32); the answers stand in the order of the items. */
export async function mapBounded<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers = new Map<number, R>();
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) answers.set(index, await map(item));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return [...answers.entries()].toSorted(([a], [b]) => a - b).map(([, answer]) => answer);
}
