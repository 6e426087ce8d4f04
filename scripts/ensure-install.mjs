// Runs before the npm scripts that need the dependencies: installs what package-lock.json locks,
// unless just that is installed, then makes sure of a fitting Node and of what the runtime needs of
// the system. On a fresh clone the host's own Node runs it, so: Node 20, no dependency.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hasCertificates } from "./certificates.mjs";

const nodeMin = [22, 12]; // wrangler's floor; on Linux x64 the lock brings a Node of its own
const root = new URL("..", import.meta.url);

function readPackages(path) {
  return JSON.parse(readFileSync(new URL(path, root), "utf8")).packages;
}

/** npm writes its record of what it installed last, so an interrupted install leaves none. Contents
 *  are compared, not times: a clone or a checkout dates every file anew. */
function isInstalled() {
  const locked = readPackages("package-lock.json");
  let installed;
  try {
    installed = readPackages("node_modules/.package-lock.json");
  } catch {
    return false;
  }
  const leftOut = (path) => locked[path].optional && !(path in installed);
  const same = (path) => locked[path].integrity === installed[path]?.integrity;
  return (
    Object.keys(installed).every((path) => path in locked) &&
    Object.keys(locked).every((path) => path === "" || leftOut(path) || same(path))
  );
}

function install() {
  console.error("Installing the locked dependencies (npm ci), about a minute ...");
  const kinds = ["--include=dev", "--include=optional"];
  const { status } = spawnSync("npm", ["ci", "--loglevel=error", "--no-progress", ...kinds], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** npm puts node_modules/.bin first on PATH, so this is the Node that the script itself will get. */
function checkNode() {
  const version = execFileSync("node", ["--version"], { encoding: "utf8" }).trim();
  const [major, minor] = version.slice(1).split(".").map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return;
  console.error(
    `This project needs Node ${nodeMin.join(".")} or newer; this is ${version}. On Linux x64 every ` +
      "npm script uses the one that the install brings; elsewhere please install one.",
  );
  process.exit(1);
}

/** The scripts before which this runs and that start the runtime. */
const startsRuntime = ["prestart", "pretest", "precheck", "prebench"];

function checkCertificates() {
  if (process.platform !== "linux" || !startsRuntime.includes(process.env.npm_lifecycle_event))
    return;
  if (hasCertificates(process.env)) return;
  console.error(
    "The runtime does not start without the certificates of certificate authorities, and this " +
      "system has none. Install the package ca-certificates, or name a file in SSL_CERT_FILE.",
  );
  process.exit(1);
}

checkCertificates();
if (!isInstalled()) install();
checkNode();
