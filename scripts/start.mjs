// The development server: wrangler dev with every argument passed on, and the two addresses that a
// newcomer looks for printed when it is ready. Any Node from 20 on will do.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

const explorerPath = "/cdn-cgi/local/explorer";
const wrangler = fileURLToPath(
  new URL("../node_modules/wrangler/bin/wrangler.js", import.meta.url),
);

/** The address as one opens it: a server that listens everywhere is reached by its own name. */
function originOf({ ip, port }) {
  const everywhere = ["*", "0.0.0.0", "::", "[::]"].includes(ip);
  const host = ip.includes(":") && !ip.startsWith("[") ? `[${ip}]` : ip;
  return `http://${everywhere ? "localhost" : host}:${port}`;
}

function announce(address) {
  const origin = originOf(address);
  console.log(`\nAPI page: ${origin}/docs\nExplorer: ${origin}${explorerPath}\n`);
}

const child = fork(wrangler, ["dev", ...process.argv.slice(2)], {
  env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_SEND_METRICS: "false" },
});
child.on("message", (message) => {
  const { event, ...address } = JSON.parse(String(message));
  if (event === "DEV_SERVER_READY") announce(address);
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => {
  process.exitCode = code ?? (signal === null ? 0 : 1);
});
