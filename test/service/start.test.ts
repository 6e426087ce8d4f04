// Guarantee: `npm start` prints the addresses of the API page and of the explorer, both answer, and it
// ends with everything that it started; a wallet's file is where `npm run find:object` says; no line
// of the log is dated 1970.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = `${import.meta.dirname}/../..`;
const startMaxMs = 90_000;
const state = mkdtempSync(join(tmpdir(), "ledger-start-"));
afterAll(() => rmSync(state, { recursive: true, force: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("both addresses are printed and answer", { timeout: startMaxMs }, async () => {
  const port = await freePort();
  const places = ["--port", String(port), "--inspector-port", "0", "--persist-to", state];
  const child = spawn(process.execPath, ["scripts/start.mjs", ...places], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  try {
    let output = "";
    const printed = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = (chunk: Buffer) => {
          output += chunk.toString();
          const address = pattern.exec(output)?.[1];
          if (address !== undefined) resolve(address);
        };
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        child.once("exit", () => reject(new Error(output)));
      });
    const explorer = await printed(/^Explorer: (\S+)$/m);
    const page = /^API page: (\S+)$/m.exec(output)?.[1] ?? "";
    expect(page).toBe(`http://localhost:${port}/docs`);
    // What the explorer shows of a wallet is where `npm run find:object` says.
    const opened = await fetch(page.replace("/docs", "/users"), {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": "explored" },
      body: '{"name":"Ada"}',
    });
    const { walletId } = (await opened.json()) as { walletId: string };
    const found = execFileSync(process.execPath, ["scripts/find-object.ts", walletId], {
      cwd: root,
      encoding: "utf8",
    });
    const file = /^file: +\.wrangler\/state\/(\S+)$/m.exec(found)?.[1] ?? "";
    expect(existsSync(join(state, file))).toBe(true);

    for (const address of [page, explorer]) {
      const answer = await fetch(address);
      expect([address, answer.status]).toEqual([address, 200]);
      expect(await answer.text()).toContain("<!doctype html>");
    }
    const dates = [...output.matchAll(/"time":"(\d{4})/g)].map(([, year]) => Number(year));
    expect(dates.filter((year) => year < 2026)).toEqual([]);
  } finally {
    if (child.exitCode === null) {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    }
  }
  await expect(fetch(`http://localhost:${port}/health`)).rejects.toThrow("fetch failed");
});
