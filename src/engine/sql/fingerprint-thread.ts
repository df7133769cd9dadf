import { parentPort, workerData } from "node:worker_threads";
import { sqlFingerprint } from "./token-stream.ts";

// The program of the thread that `fingerprintAside` starts; what it is given is made there.
parentPort?.postMessage(sqlFingerprint(workerData as string), []);
