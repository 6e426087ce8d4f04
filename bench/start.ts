// Starts services of which nothing stays behind, however this process ends: neither the process of
// the service nor its files.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { startWorkerd, type ServiceFolder, type Workerd } from "../scripts/workerd.ts";

const folders: string[] = [];
const pids: number[] = [];

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

process.once("exit", () => {
  pids.forEach(kill);
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** A new folder in `parent`, which is created where it is missing. */
export function temporaryFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(resolve(parent), "bench-"));
  folders.push(folder);
  return folder;
}

export async function start(folder: ServiceFolder, flags?: readonly string[]): Promise<Workerd> {
  const service = await startWorkerd(folder, flags);
  pids.push(service.pid);
  return service;
}
