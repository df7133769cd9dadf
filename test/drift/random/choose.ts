import { createHash } from "node:crypto";

/** Draws one of the options; under one name always the same, whatever else is drawn. */
export type Choose = (name: string, ...options: readonly string[]) => string;

/** Draws by a seed alone. */
export function chooseBy(seed: string): Choose {
  return (name, ...options) => options[Math.floor(draw(`${seed} ${name}`) * options.length)] ?? "";
}

/** Draws as `usual` does, and for this share of the names as `other` does. */
export function sometimes(share: number, seed: string, [usual, other]: readonly [Choose, Choose]): Choose {
  return (name, ...options) => (draw(`${seed} ${name}`) < share ? other : usual)(name, ...options);
}

/** A number from 0 to 1, the same for the same text on every machine. */
function draw(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
