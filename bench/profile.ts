// `npm run bench:profile -- [scenario] [seconds] [dir]`: where the service spends its CPU time under
// 32 connections, from V8's sampling profiler: functions by their own time. What is not JavaScript
// (SQLite, fsync, RPC, the event loop) is `(program)` and `(idle)`; `perf` tells those apart.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, prepareService } from "../scripts/workerd.ts";
import { runOnLedger } from "./measure.ts";
import { populate } from "./population.ts";
import { scenarioNames, scenariosOf } from "./scenarios.ts";
import { temporaryFolder } from "./start.ts";

const connections = 32;
const bigSizes = [10_000];
const sampleMicroseconds = 200;
const linesMax = 40;
const profileFile = "ledger.cpuprofile";

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The debugger of the one worker behind an inspector port. */
async function attach(port: number) {
  const list = await fetch(`http://127.0.0.1:${port}/json`);
  const [target] = (await list.json()) as { id: string }[];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/${target?.id}`);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  let lastId = 0;
  const send = (method: string, params: object = {}): Promise<Record<string, unknown>> => {
    const id = ++lastId;
    const answer = new Promise<Record<string, unknown>>((resolve) => {
      const listen = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data)) as { id?: number; result: never };
        if (message.id !== id) return;
        socket.removeEventListener("message", listen);
        resolve(message.result);
      };
      socket.addEventListener("message", listen);
    });
    socket.send(JSON.stringify({ id, method, params }));
    return answer;
  };
  return { send, close: () => socket.close() };
}

/** Milliseconds of own time by function, the longest first. */
function ownTimes({ nodes, samples, timeDeltas }: Profile): [string, number][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber } }) => [
      id,
      `${functionName || "(anonymous)"}:${lineNumber + 1}`,
    ]),
  );
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? "?";
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1_000);
  }
  return [...times].toSorted(([, left], [, right]) => right - left);
}

const output = join(import.meta.dirname, "..", "dist", "bench");
const [name = "uniform", seconds = "10", parent = output] = process.argv.slice(2);
const folder = await prepareService(temporaryFolder(parent));
const port = await freePort();
const flags = [`--inspector-addr=127.0.0.1:${port}`];
const { service, population } = await populate(folder, bigSizes, flags);
const known = scenarioNames.find((one) => one === name);
const [scenario] = known ? scenariosOf(known, population) : [];
if (!scenario) throw new Error(`no scenario ${name}`);
const { next } = scenario;
const inspector = await attach(port);
await inspector.send("Profiler.enable");
await inspector.send("Profiler.setSamplingInterval", { interval: sampleMicroseconds });
await inspector.send("Profiler.start");
const load = { connections, warmUpSeconds: 0, seconds: Number(seconds), next };
const { succeeded } = await runOnLedger({ folder, service }, population, load);
const { profile } = await inspector.send("Profiler.stop");
inspector.close();
await service.stop();
mkdirSync(output, { recursive: true });
writeFileSync(join(output, profileFile), JSON.stringify(profile));
console.log(`${name}: ${succeeded} requests; own time in microseconds for each of them`);
for (const [what, ms] of ownTimes(profile as Profile).slice(0, linesMax)) {
  console.log(`${((ms * 1_000) / succeeded).toFixed(1).padStart(9)}  ${what}`);
}
console.log(`for a flame chart in a browser's developer tools: dist/bench/${profileFile}`);
