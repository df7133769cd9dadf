import { inCommandWords } from "./in-command-words.ts";
import type { ProjectReport } from "../engine/index.ts";
import { renderConnection, type Connection } from "./connect.ts";
import { anyWidth, printable, renderList, wrapText } from "./render-text.ts";

/** What the bare program shows a person: the project's state and how to connect. */
export function renderOverview(project: ProjectReport, connection: Connection, width = anyWidth): string {
  const counts = Object.entries(project.counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(", ");
  const lines = [
    wrapText(printable(project.summary), width),
    "",
    `target      ${printable(project.target)}`,
    `folder      ${printable(project.folder)}`,
    ...(counts === "" ? [] : [`migrations  ${counts}`]),
    ...[
      renderList("warning:", project.warnings ?? [], width),
      renderList("next:", (project.next_steps ?? []).map(inCommandWords), width),
    ].filter((block) => block !== ""),
    "",
    renderConnection(connection),
    "",
    "godwit --help lists commands and settings.",
  ];
  return `${lines.join("\n")}\n`;
}
