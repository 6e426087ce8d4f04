// Guarantee: clients that hang up, however many and in the middle of their requests, take nothing
// with them: the service is as free afterwards as before. On the real runtime, over real sockets.
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prepareService, startWorkerd, type Workerd } from "../../scripts/workerd.ts";
import { requestsInProgressMax } from "../../src/domain/limits.ts";

const startMaxMs = 60_000;
/** Far less than what a request may take: nothing here is freed by giving it up. */
const freeMaxMs = 8_000;
const folder = mkdtempSync(join(tmpdir(), "hang-ups-"));
let service: Workerd;

beforeAll(async () => {
  service = await startWorkerd(await prepareService(folder));
}, startMaxMs);
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A write that announces a body and never sends all of it. */
async function hang(): Promise<Socket> {
  const { hostname, port } = new URL(service.origin);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(
    "POST /transactions/transfer HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\n" +
      "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  );
  return socket;
}

async function statusOfRead(): Promise<number> {
  return (await fetch(`${service.origin}/transactions?walletId=wal_1`)).status;
}

async function until(status: number): Promise<void> {
  const giveUpAt = Date.now() + freeMaxMs;
  for (;;) {
    const now = await statusOfRead();
    if (now === status) return;
    if (Date.now() > giveUpAt) throw new Error(`answers ${now}, not ${status}`);
  }
}

test("connections that are reset free what they held", { timeout: startMaxMs }, async () => {
  await until(404);
  const sockets = await Promise.all(Array.from({ length: requestsInProgressMax }, hang));
  await until(503);
  for (const socket of sockets) socket.resetAndDestroy();
  await until(404);
  expect((await fetch(`${service.origin}/health`)).status).toBe(200);
});
