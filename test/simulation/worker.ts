// Runs the seeds that it is sent, one after the other, in a process of its own.
import { smallLimits } from "./loader.ts";
import { reportOn } from "./report.ts";

const mode = process.argv.slice(2);
if (mode.includes("--small-limits")) smallLimits();
const options = mode.includes("--mixed-releases") ? ({ releases: "mixed" } as const) : {};
const { run } = await import("./run.ts");

async function runAndReport(seed: number): Promise<void> {
  const report = reportOn(await run(seed, options), mode);
  process.send?.(report);
}

process.on("message", (seed: number) => {
  void runAndReport(seed);
});
