// Runs the seeds that it is sent, one after the other, in a process of its own.
import { reportOn } from "./report.ts";
import { run } from "./run.ts";

async function runAndReport(seed: number): Promise<void> {
  const report = reportOn(await run(seed));
  process.send?.(report);
}

process.on("message", (seed: number) => {
  void runAndReport(seed);
});
