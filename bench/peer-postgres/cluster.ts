// A PostgreSQL server of its own in a folder of its own, with the durability that it has by default
// (fsync, synchronous commit). Nothing of it stays behind. Not for production.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, chmodSync, chownSync, constants, mkdirSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";

/** Where Debian keeps the server's programs, one folder for each version. */
const debianFolder = "/usr/lib/postgresql";
const startMaxMs = 20_000;
const startPollMs = 100;

export interface Cluster {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder of `initdb` and `postgres`; undefined where no server is installed. */
export function findServer(): string | undefined {
  let versions: string[] = [];
  try {
    versions = readdirSync(debianFolder).toSorted((a, b) => Number(b) - Number(a));
  } catch {
    // Not Debian's layout: the search path is left.
  }
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions.map((version) => join(debianFolder, version, "bin")),
  ];
  return folders.find((folder) => isExecutable(join(folder, "initdb")));
}

/** The server refuses to run as root; then it runs as the user that its package has made. */
function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Starts a server whose files are in `folder`, on a socket there and on `port` of loopback. */
export async function startCluster(
  programs: string,
  folder: string,
  port: number,
): Promise<Cluster> {
  const as = identity();
  const data = join(folder, "data");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (as.uid !== undefined && as.gid !== undefined) {
    // The other user has to reach its folder through ours, and may not list it.
    for (const above of [folder, dirname(folder)]) chmodSync(above, 0o711);
    chownSync(data, as.uid, as.gid);
  }
  const init = ["-D", data, "-U", "bench", "--auth=trust", "--encoding=UTF8", "--locale=C"];
  execFileSync(join(programs, "initdb"), init, {
    ...as,
    cwd: data,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const options = ["-D", data, "-k", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1"];
  const server = spawn(join(programs, "postgres"), options, { ...as, cwd: data, stdio: "ignore" });
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  const version = await waitFor(url);
  return {
    url,
    version,
    async stop() {
      const exited = once(server, "exit");
      server.kill("SIGINT");
      await exited;
    },
  };
}

async function waitFor(url: string): Promise<string> {
  const deadline = Date.now() + startMaxMs;
  for (;;) {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      const [row] = await sql<{ server_version: string }[]>`SHOW server_version`;
      return row?.server_version ?? "unknown";
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(startPollMs);
    } finally {
      await sql.end();
    }
  }
}
