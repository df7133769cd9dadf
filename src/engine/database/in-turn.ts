/** Runs tasks one at a time, in the order in which they were given. */
export type InTurn = <T>(task: () => Promise<T>) => Promise<T>;

/** A queue of its own; a failed task does not stop the next. */
export function createInTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}
