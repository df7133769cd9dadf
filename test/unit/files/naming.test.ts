import { describe, expect, test } from "vitest";
import {
  cliSkipsFirst,
  compareFileNames,
  isStrictFileName,
  isStrictName,
  parseFileName,
  toName,
} from "../../../src/engine/files/naming.ts";

describe("parseFileName", () => {
  test.each([
    ["20240101000000_add_orders.sql", "20240101000000", "add_orders"],
    ["0000_same_human_robot.sql", "0000", "same_human_robot"],
    ["1_.sql", "1", ""],
    ["1_a.sql.sql", "1", "a.sql"],
    ["1_up.up.sql", "1", "up.up"],
    ["1_sp ace.sql", "1", "sp ace"],
    ["1_uni_é.sql", "1", "uni_é"],
    ["99999999999999999999_x.sql", "99999999999999999999", "x"],
    ["1__x.sql", "1", "_x"],
  ])("reads %j as the CLI does", (fileName, version, name) => {
    expect(parseFileName(fileName)).toEqual({ version, name });
  });

  test.each([
    "README.md",
    "20240101000000.sql",
    "20240101000000-x.sql",
    "x.sql",
    "_x.sql",
    ".1_x.sql",
    "1_x.SQL",
    "1_x.sql.bak",
    " 1_x.sql",
    "1_x.sql\n",
    "1_a\nb.sql",
    "١_x.sql",
    "",
  ])("passes over %j as the CLI does", (fileName) => {
    expect(parseFileName(fileName)).toBeUndefined();
  });
});

describe("cliSkipsFirst", () => {
  test("names an old init file in first place", () => {
    expect(cliSkipsFirst(["20230101000000_b.sql", "20200101000000_init.sql"])).toBe(
      "20200101000000_init.sql",
    );
  });

  test("counts whatever stands first, by bytes", () => {
    expect(cliSkipsFirst([".gitkeep", "20200101000000_init.sql"])).toBeUndefined();
  });

  test("takes the digits wherever they stand in the name", () => {
    expect(cliSkipsFirst(["20200101000000_init.sql.txt"])).toBe("20200101000000_init.sql.txt");
  });

  test("lets newer init files and empty folders be", () => {
    expect(cliSkipsFirst(["20211209000000_init.sql"])).toBeUndefined();
    expect(cliSkipsFirst([])).toBeUndefined();
  });
});

describe("strict names", () => {
  test.each(["20240229120000_add_orders.sql", "20240101000000_a.sql", "20240101000000_0_1_2.sql"])(
    "take %j",
    (fileName) => {
      expect(isStrictFileName(fileName)).toBe(true);
    },
  );

  test.each([
    "20230229120000_no_such_day.sql",
    "99999999999999_overflow.sql",
    "20240101246000_hour.sql",
    "2024010100000_short.sql",
    "20240101000000_.sql",
    "20240101000000_Upper.sql",
    "20240101000000_a-b.sql",
    "20240101000000_a__b.sql",
    "20240101000000_a_.sql",
    "20240101000000_а.sql",
    "20240101000000_a.sql\n",
    "../20240101000000_a.sql",
    "20240101000000_a/b.sql",
    "20240101000000_a\0.sql",
    "20240101000000_a.sql.sql",
    `20240101000000_${"a".repeat(182)}.sql`,
  ])("refuse %j", (fileName) => {
    expect(isStrictFileName(fileName)).toBe(false);
  });

  test("take 200 bytes and not one more", () => {
    expect(isStrictFileName(`20240101000000_${"a".repeat(181)}.sql`)).toBe(true);
  });
});

describe("toName", () => {
  test.each([
    ["Add Orders table!", "add_orders_table"],
    ["add_orders_table", "add_orders_table"],
    ["addOrdersTable", "add_orders_table"],
    ["add-orders-table.sql", "add_orders_table"],
    ["20240101000000_add_orders", "add_orders"],
    ["Café crème", "cafe_creme"],
    ["../../etc/passwd", "etc_passwd"],
    ["C:\\Windows\\x", "c_windows_x"],
    ["%2e%2e%2fx", "2e_2e_2fx"],
    ["x'; drop table y; --", "x_drop_table_y"],
    ['"quoted""name"', "quotedname"],
    ["a\0b", "a_b"],
    ["t\u0430ble", "tble"],
    ["don't", "dont"],
    ["a\u202eb", "a_b"],
    ["ＦＵＬＬ width", "full_width"],
    ["emoji 🎉 party", "emoji_party"],
    ["__a__b__", "a_b"],
  ])("makes of %j the name %j", (text, name) => {
    expect(toName(text)).toBe(name);
  });

  test.each(["", "   ", "../..", "Привет", "🎉", "\0", "'\"`", "-_-"])("leaves nothing of %j", (text) => {
    expect(toName(text)).toBeUndefined();
  });

  test("cuts a long name at a word", () => {
    const name = toName("word ".repeat(60)) ?? "";
    expect(name.length).toBeLessThanOrEqual(100);
    expect(name.endsWith("_word")).toBe(true);
    expect(toName("a".repeat(300))).toBe("a".repeat(100));
  });

  test("answers a strict name or nothing for any text", () => {
    let seed = 7;
    const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648);
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: next() % 20 }, () => String.fromCharCode(next() % 0x3000)).join("");
      const name = toName(text);
      expect(name === undefined || (isStrictName(name) && name.length <= 100)).toBe(true);
    }
  });
});

test("file names are compared by their UTF-8 bytes", () => {
  expect(compareFileNames("10_a", "1_a")).toBeLessThan(0);
  expect(compareFileNames("\u{1F600}", "\uFFFD")).toBeGreaterThan(0);
  expect(compareFileNames("a", "a")).toBe(0);
});
