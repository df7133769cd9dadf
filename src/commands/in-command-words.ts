import { tools } from "../tools/index.ts";

const toolNames = tools.map(({ name }) => name).join("|");
const call = new RegExp(String.raw`\b(${toolNames})\b(?: \{([^}]*)\})?`, "g");
const argument = /(\w+): (\["[^\]]*"\]|"[^"]*"|true|…)/g;

/** A sentence that names tools and their arguments, as a person at a terminal would type them. */
export function inCommandWords(sentence: string): string {
  return sentence
    .replace(call, (_, tool: string, given: string | undefined) =>
      ["godwit", toKebab(tool), ...toFlags(given ?? "")].join(" "),
    )
    .replace(/\bdry_run(: true)?\b|\bwrite: true\b/g, (flag) => `--${toKebab(flag.replace(": true", ""))}`)
    .replace(/\bconfirm: "([\w-]+)"/g, "--confirm $1")
    .replace(
      /\b(target|promote_from): "([\w-]+)"/g,
      (_, name: string, label: string) => `--${toKebab(name)} ${label}`,
    )
    .replace(/\bactions: \["([^"\]]*)"\]/g, '--actions "$1"')
    .replace(/,? \breason: "…"/g, " --reason …")
    .replace(/\btruth: "(\w+)"/g, "--truth $1");
}

function toFlags(given: string): readonly string[] {
  return [...given.matchAll(argument)].flatMap(([, name = "", value = ""]) => {
    const flag = `--${toKebab(name)}`;
    if (value === "true") return [flag];
    if (!value.startsWith("[")) return [`${flag} ${value.replaceAll('"', "")}`];
    return [...value.matchAll(/"[^"]*"/g)].map(([element]) => `${flag} ${element}`);
  });
}

function toKebab(name: string): string {
  return name.replaceAll("_", "-");
}
