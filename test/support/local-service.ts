// The whole service as `npm start` runs it: wrangler dev on a free port of the loopback interface,
// in a process of its own, on a state folder that is thrown away.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const startMaxMs = 30_000;
const pollMs = 100;

export interface LocalService {
  readonly origin: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Ends wrangler and the runtime that it started: they share a process group. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await exited;
}

async function answers(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/health`)).ok;
  } catch {
    return false;
  }
}

/** `more`: further arguments of wrangler dev. */
export async function startLocalService(more: readonly string[] = []): Promise<LocalService> {
  const port = await freePort();
  const stateFolder = mkdtempSync(join(tmpdir(), "ledger-"));
  const places = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  const child = spawn("wrangler", ["dev", ...places, "--persist-to", stateFolder, ...more], {
    detached: true,
    env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(stateFolder, { recursive: true, force: true });
  };

  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startMaxMs;
  while (!(await answers(origin))) {
    if (Date.now() > deadline || child.exitCode !== null) {
      await stop();
      throw new Error(`the service did not start:\n${output}`);
    }
    await pause(pollMs);
  }
  return { origin, stop };
}
