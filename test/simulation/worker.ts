// Runs the seeds that it is sent, one after the other, in a thread of its own.
import { parentPort } from "node:worker_threads";
import { reportOn } from "./report.ts";
import { run } from "./run.ts";

parentPort?.on("message", (seed: number) => {
  void run(seed).then((done) => parentPort?.postMessage(reportOn(done)));
});
