import type { Notice } from "../ports.ts";

/** The port keeps this many. */
const kept = 50;

/** Notices of one session, newest last. */
export interface SessionNotices {
  readonly add: (notice: Notice) => void;
  readonly list: () => readonly Notice[];
}

/** Keeps the newest 50. */
export function collectNotices(): SessionNotices {
  const notices: Notice[] = [];
  return {
    add: (notice) => {
      notices.push(notice);
      if (notices.length > kept) notices.shift();
    },
    list: () => [...notices],
  };
}
