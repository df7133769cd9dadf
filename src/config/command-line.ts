import { describeNearest } from "../nearest-match.ts";

/** One flag as the parser needs it. */
export interface FlagSpec {
  /** Without dashes. */
  readonly flag: string;
  readonly form: "value" | "switch" | "optional" | "list";
}

/** One command as the parser needs it. */
export interface CommandSpec {
  readonly name: string;
  readonly flags: readonly FlagSpec[];
  /** The flag whose value may stand without it. */
  readonly positional?: string;
  /** The flag whose value may stand, without it, behind the positional one. */
  readonly secondPositional?: string;
}

/** Values by flag, as texts: a switch is `true`, an optional value that is not there is empty. */
export type FlagValues = ReadonlyMap<string, readonly string[]>;

/** What was typed, taken apart; nothing is checked but that each word has a meaning. */
export interface CommandLine {
  readonly command?: string;
  readonly settings: FlagValues;
  readonly args: FlagValues;
  readonly wants?: "help" | "version";
  readonly problems: readonly string[];
}

/** Takes a command line apart. A command's own flags come before settings of the same name, and only after the command's name. */
export function parseCommandLine(
  argv: readonly string[],
  settings: readonly FlagSpec[],
  commands: readonly CommandSpec[],
): CommandLine {
  const state: State = { settings: new Map(), args: new Map(), problems: [], isPlain: false };
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--" && !state.isPlain) state.isPlain = true;
    else if (isFlag(word) && !state.isPlain) takeFlag(word, rest, { state, settings });
    else takeWord(word, state, commands);
  }
  return {
    ...(state.command === undefined ? {} : { command: state.command.name }),
    settings: state.settings,
    args: state.args,
    ...(state.wants === undefined ? {} : { wants: state.wants }),
    problems: state.problems,
  };
}

interface State {
  command?: CommandSpec;
  readonly settings: Map<string, readonly string[]>;
  readonly args: Map<string, readonly string[]>;
  wants?: "help" | "version";
  readonly problems: string[];
  /** After `--`, nothing is a flag. */
  isPlain: boolean;
}

/** SQL may begin with a comment (`-- why`), and `-` is stdin: neither is a flag. */
function isFlag(word: string): boolean {
  return /^--[A-Za-z]|^-[A-Za-z]$/.test(word);
}

function takeFlag(
  word: string,
  rest: string[],
  { state, settings }: { readonly state: State; readonly settings: readonly FlagSpec[] },
): void {
  const equals = word.indexOf("=");
  const name = (equals === -1 ? word : word.slice(0, equals)).replace(/^--?/, "");
  const own = state.command?.flags.find(({ flag }) => flag === name);
  const spec = own ?? settings.find(({ flag }) => flag === name);
  if (spec === undefined) return takeUnknownFlag(name, { state, settings, rest });
  const values = own === undefined ? state.settings : state.args;
  const value = equals === -1 ? nextValue(spec, rest) : word.slice(equals + 1);
  if (value === undefined) state.problems.push(`--${name} needs a value.`);
  else if (spec.form === "list") values.set(name, [...(values.get(name) ?? []), value]);
  else if (values.has(name)) state.problems.push(`--${name} is given twice.`);
  else values.set(name, [value]);
}

interface UnknownFlag {
  readonly state: State;
  readonly settings: readonly FlagSpec[];
  readonly rest: string[];
}

function takeUnknownFlag(name: string, { state, settings, rest }: UnknownFlag): void {
  if (name === "help" || name === "h") state.wants = "help";
  else if (name === "version" || name === "v") state.wants ??= "version";
  else if (state.command?.name !== "") {
    const known = [...(state.command?.flags ?? []), ...settings].map(({ flag }) => flag);
    const place = state.command === undefined ? "" : ` of ${state.command.name}`;
    const offer = describeNearest(name, known, "--");
    state.problems.push(
      `Unknown flag ${shorten(`--${name}`)}${place}${offer === "" ? "; see --help." : offer}`,
    );
    // What stands behind it was meant as its value.
    if (state.command !== undefined && rest[0] !== undefined && !isFlag(rest[0])) rest.shift();
  }
}

function nextValue(spec: FlagSpec, rest: string[]): string | undefined {
  if (spec.form === "switch") return "true";
  const next = rest[0];
  if (spec.form === "optional") return next !== undefined && isAddress(next) ? rest.shift() : "";
  return next === undefined || isFlag(next) ? undefined : rest.shift();
}

/** Tells `--http 8080` from `--http list-migrations`. */
function isAddress(word: string): boolean {
  return /^\d+$|:\d*$|^\d+\.\d+\.\d+\.\d+$|^localhost$/.test(word);
}

function takeWord(word: string, state: State, commands: readonly CommandSpec[]): void {
  if (state.command === undefined) {
    const name = word.replaceAll("_", "-");
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined) state.command = command;
    else {
      const names = commands.map((candidate) => candidate.name);
      const offer = describeNearest(name, names);
      state.problems.push(
        `Unknown command ${shorten(word)}${offer === "" ? `; there are ${names.join(", ")}.` : offer}`,
      );
      // Its flags cannot be known; the form of the answer can.
      state.command = { name: "", flags: [{ flag: "json", form: "switch" }] };
    }
    return;
  }
  const { positional, secondPositional } = state.command;
  const place = [positional, secondPositional].find((flag) => flag !== undefined && !state.args.has(flag));
  if (place !== undefined) state.args.set(place, [word]);
  else if (state.command.name !== "")
    state.problems.push(`Unexpected argument ${shorten(word)} of ${state.command.name}.`);
}

/** An address is not repeated: it may hold a password. */
function shorten(word: string): string {
  if (word.includes("://")) return "(an address)";
  return JSON.stringify(word.length <= 40 ? word : `${word.slice(0, 40)}…`);
}
