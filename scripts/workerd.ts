// The production bundle on a plain `workerd serve`, with the objects' SQLite files in a folder: what
// the crash tests kill and the benchmarks measure. No wrangler in between, so a SIGKILL hits the
// process that owns the files. One folder holds everything of one service.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, closeSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { basename, delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const root = join(import.meta.dirname, "..");
const binaries = join(root, "node_modules", ".bin");
const startMaxMs = 20_000;
const startPollMs = 25;
const configFile = "workerd.capnp";

/** The classes of objects: binding, class name. The storage folder is named after the class. */
const objectClasses = [
  ["WALLET", "Wallet"],
  ["EXTERNAL_ACCOUNT", "ExternalAccount"],
  ["TRANSFER_LOG", "TransferLog"],
  ["KEY_RING", "KeyRing"],
] as const;

export interface ServiceFolder {
  /** Where workerd.capnp, the bundle and `workerd.log` are. */
  readonly path: string;
  /** One folder for each class of objects, in it one SQLite file for each object. */
  readonly state: string;
  /** Output of the service, over all its starts: the JSON log lines among it. */
  readonly log: string;
  readonly port: number;
}

export interface Workerd {
  readonly origin: string;
  readonly pid: number;
  /** SIGKILL: the process loses whatever it had not handed to the operating system. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL if that does not end it. */
  stop(): Promise<void>;
}

/** Bundles the Worker as a deploy would and writes the configuration that serves it on a free port.
 *  State that an earlier service left in the folder is kept. `wranglerFile`: of another Worker with
 *  the same classes of objects. `settings`: further bindings. */
export async function prepareService(
  path: string,
  wranglerFile = "wrangler.toml",
  settings: Readonly<Record<string, string>> = {},
): Promise<ServiceFolder> {
  const bundle = join(path, "bundle");
  const state = join(path, "state");
  mkdirSync(bundle, { recursive: true });
  mkdirSync(state, { recursive: true });
  const bundling = ["deploy", "--dry-run", "--env=", "--outdir", bundle, "--config", wranglerFile];
  execFileSync(join(binaries, "wrangler"), bundling, {
    cwd: root,
    env: { ...process.env, PATH: pathWithThisNode(), WRANGLER_SEND_METRICS: "false" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const folder = { path, state, log: join(path, "workerd.log"), port: await freePort() };
  writeFileSync(join(path, configFile), renderConfig(folder, bundle, settings));
  return folder;
}

/** wrangler runs on the Node that runs this, not on an older one of the host. */
function pathWithThisNode(): string {
  return [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** The one value of a `name = "value"` line of wrangler.toml. */
function setting(name: string): string {
  const toml = readFileSync(join(root, "wrangler.toml"), "utf8");
  const value = new RegExp(`^${name} = "([^"]*)"`, "m").exec(toml)?.[1];
  if (value === undefined) throw new Error(`wrangler.toml does not say ${name}`);
  return value;
}

function renderConfig(
  folder: ServiceFolder,
  bundle: string,
  settings: Readonly<Record<string, string>>,
): string {
  const quote = (text: string) => JSON.stringify(text);
  const files = readdirSync(bundle);
  const script = files.find((name) => name.endsWith(".js"));
  const texts = files.filter((name) => name.endsWith(".sql"));
  const modules = [
    `(name = "index.js", esModule = embed "${basename(bundle)}/${script}")`,
    ...texts.map((name) => `(name = ${quote(name)}, text = embed "${basename(bundle)}/${name}")`),
  ];
  const namespaces = objectClasses.map(
    ([, name]) => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`,
  );
  const bindings = [
    `(name = "DEFAULT_CURRENCY", text = ${quote(setting("DEFAULT_CURRENCY"))})`,
    // Nothing that is measured or killed here is exposed: it needs no credentials.
    `(name = "ENVIRONMENT", text = "development")`,
    ...Object.entries(settings).map(
      ([name, value]) => `(name = "${name}", text = ${quote(value)})`,
    ),
    `(name = "ASSETS", service = "docs")`,
    ...objectClasses.map(
      ([binding, name]) => `(name = "${binding}", durableObjectNamespace = "${name}")`,
    ),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "ledger", worker = .ledger),
    (name = "state", disk = (path = ${quote(folder.state)}, writable = true)),
    (name = "docs", disk = (path = ${quote(join(root, "dist", "docs"))})),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:${folder.port}", http = (), service = "ledger"),
  ],
);

const ledger :Workerd.Worker = (
  modules = [
    ${modules.join(",\n    ")},
  ],
  compatibilityDate = ${quote(setting("compatibility_date"))},
  compatibilityFlags = ["nodejs_compat"],
  bindings = [
    ${bindings.join(",\n    ")},
  ],
  durableObjectNamespaces = [
    ${namespaces.join(",\n    ")},
  ],
  durableObjectStorage = (localDisk = "state"),
);
`;
}

/** Every object keeps three files open: the shell's limit is often too low for all of them. */
const withManyFiles = 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$@"';

/** Starts the service on the state in its folder; resolves when it answers. `flags`: of workerd;
 *  `environment`: of its process, beside this one's. */
export async function startWorkerd(
  folder: ServiceFolder,
  flags: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Workerd> {
  const output = openSync(folder.log, "a");
  const command = [join(binaries, "workerd"), "serve", ...flags, join(folder.path, configFile)];
  const child = spawn("/bin/sh", ["-c", withManyFiles, "sh", ...command], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const origin = `http://127.0.0.1:${folder.port}`;
  const deadline = Date.now() + startMaxMs;
  while (!(await answers(origin))) {
    if (Date.now() > deadline || hasEnded(child)) {
      await end(child, "SIGKILL");
      throw new Error(`workerd did not start; see ${folder.log}`);
    }
    await pause(startPollMs);
  }
  return {
    origin,
    pid: child.pid ?? 0,
    kill: () => end(child, "SIGKILL"),
    async stop() {
      const timer = setTimeout(() => child.kill("SIGKILL"), startMaxMs);
      await end(child, "SIGTERM");
      clearTimeout(timer);
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

async function answers(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/health`)).ok;
  } catch {
    return false;
  }
}
