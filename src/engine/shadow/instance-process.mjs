// The program of the process that holds the shadow: one PGlite instance and nothing that is worth protecting, so that it can
// be killed at any moment. Plain JavaScript, because it is started as it lies here. Answers every message by its id.
import { setFlagsFromString } from "node:v8";
import { gzipSync } from "node:zlib";
import { PGlite } from "@electric-sql/pglite";

// An instance lives for seconds: compiling a second time, for speed, takes longer than it saves (docs/decisions/0051-webassembly.md).
setFlagsFromString("--liftoff-only");

let pglite;

const actions = {
  start: async ({ image, settings, files }) => {
    const options = {
      dataDir: "memory://",
      // `-O` would allow changes of system tables that no server allows.
      startParams: [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-O"), ...settings],
      ...(image === undefined ? {} : { loadDataDir: new Blob([image]) }),
    };
    // One unexplained failure in about 500 starts under load was seen; a second try has always succeeded.
    pglite = await PGlite.create(options).catch(() => PGlite.create(options));
    writeFiles(files);
  },
  write: async ({ files }) => writeFiles(files),
  send: ({ message }) => pglite.execProtocolRaw(message),
  // The quickest level: a data folder is mostly zeros, and PGlite's own compression takes several times as long.
  dump: async () =>
    gzipSync(new Uint8Array(await (await pglite.dumpDataDir("none")).arrayBuffer()), { level: 1 }),
};

process.on("message", ({ id, action, ...request }) => {
  Promise.resolve(actions[action](request)).then(
    (value) => process.send({ id, value }),
    (error) => process.send({ id, error: String(error) }),
  );
});
process.once("disconnect", () => process.exit());

function writeFiles(files) {
  const { FS } = pglite.Module;
  for (const { path, content } of files) {
    FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    FS.writeFile(path, content);
  }
}
