import type { SchemaPair } from "../schema-pairs.ts";
import { chooseBy, sometimes, type Choose } from "./choose.ts";
import { writeFurther } from "./further-objects.ts";
import { writeHostile } from "./hostile-names.ts";
import { writePartitions } from "./partitions.ts";
import { writeShop } from "./shop.ts";
import { writeShopBehaviour } from "./shop-behaviour.ts";

const roles = `create role app; create role reader; create role "Mixed ""Role";`;

/** From one attribute or two to everything at once. */
const shares = [0.02, 0.05, 0.1, 0.3, 1];

/** The pair of this number: two schemas of one make, of which the second differs by chance in much or little. */
export function randomPair(number: number): SchemaPair {
  const share = shares[number % shares.length] ?? 1;
  const first = chooseBy(`first ${number}`);
  const second = sometimes(share, `share ${number}`, [first, chooseBy(`second ${number}`)]);
  return {
    name: `random/${number}`,
    source: "random",
    isIdentical: false,
    isLenient: true,
    roles,
    sides: { a: [writeSchema(first)], b: [writeSchema(second)] },
  };
}

function writeSchema(choose: Choose): string {
  return [writeShop, writeShopBehaviour, writePartitions, writeFurther, writeHostile]
    .map((write) => write(choose))
    .join("\n");
}
