import { parentPort, workerData } from "node:worker_threads";
import { checkStatements, type CheckRequest } from "./check-statements.ts";

// The program of the thread that `checkAside` starts; what it is given is made there.
parentPort?.postMessage(await checkStatements(workerData as CheckRequest), []);
