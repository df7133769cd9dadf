import { inCommandWords } from "./in-command-words.ts";
import { inOneLine, printable } from "./render-text.ts";

type Row = Readonly<Record<string, unknown>>;

/** Every difference with what it is in, and how to mend it; once where the same mends several in a row. */
export function driftBlock(drift: readonly Row[] | undefined = []): string {
  return drift
    .flatMap((item, index) => {
      if (item["layer"] === "schema") return [describeSchemaItem(item)];
      const isLastOfFix = drift[index + 1]?.["fix"] !== item["fix"];
      return [describeHistoryItem(item), ...(isLastOfFix ? [describeFix(item)] : [])];
    })
    .join("\n");
}

function describeHistoryItem(item: Row): string {
  const [kind, version, message] = ["kind", "version", "message"].map((key) => printable(item[key] ?? ""));
  return `${kind} ${version}: ${message}`;
}

function describeFix(item: Row): string {
  return `  fix: ${inCommandWords(printable(item["fix"] ?? ""))}`;
}

/** One difference of two schemas. */
export function describeSchemaItem(item: Row): string {
  const text = (key: string) => inOneLine(item[key] ?? "", 200);
  const change = `${text("class")}: ${text("object")} ${text("change").replaceAll("_", " ")}`;
  const [before, after] = item["live_value"] === undefined ? ["target", "against"] : ["live", "files"];
  const values = `${before} ${text(`${before}_value`)}, ${after} ${text(`${after}_value`)}`;
  const attribute = item["attribute"] === undefined ? "" : ` in ${text("attribute")}: ${values}`;
  return [
    `${change}${attribute}`,
    item["may_be_renamed"] === undefined ? "" : `  may be one with ${text("may_be_renamed")}, renamed`,
    item["not_proved_because"] === undefined ? "" : `  not proved: ${text("not_proved_because")}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** What differs and is nobody's doing. */
export function noDriftBlock(items: readonly Row[] | undefined): string {
  return (items ?? [])
    .map((item) => {
      const text = (key: string) => inOneLine(item[key] ?? "", 200);
      if (item["explained_by"] !== undefined)
        return `no drift: ${text("object")} is what ${text("explained_by")} makes`;
      return `no drift: ${item["count"] === undefined ? "" : `${text("count")} × `}${text("object")}`;
    })
    .join("\n");
}

/** A statement that the shadow refused. */
export function describeNotRun(item: Row): string {
  return `not replayed ${printable(item["file"])}:${printable(item["line"])}: ${printable(item["cause"])}`;
}
