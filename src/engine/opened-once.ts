/** Something that is opened at the first demand. */
export interface OpenedOnce<T> {
  /** A failed attempt is forgotten, so that the next demand tries again. */
  readonly get: () => Promise<T>;
  /** What is open or being opened; undefined where nothing is. */
  readonly ifOpened: () => Promise<T | undefined>;
}

/** Opens on the first demand and keeps what was opened. */
export function openedOnce<T>(open: () => Promise<T>): OpenedOnce<T> {
  let opened: Promise<T> | undefined;
  const get = () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return { get, ifOpened: async () => (opened === undefined ? undefined : opened.catch(() => undefined)) };
}
