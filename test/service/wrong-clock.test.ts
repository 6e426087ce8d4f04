// Guarantee: a clock that was ahead and is put right keeps no sender's money. On the real runtime:
// its process runs 600 s ahead, a transfer stays undecided because its receiver's file is locked,
// then a SIGKILL and a restart with the right clock. Skipped where the clock cannot be changed:
// elsewhere than on Linux, or without a C compiler.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  prepareService,
  startWorkerd,
  type ServiceFolder,
  type Workerd,
} from "../../scripts/workerd.ts";
import { accountIn, databasesIn } from "../crash/books-on-disk.ts";

const stepMs = 600_000;
const startMaxMs = 90_000;
/** Far less than the step: what waits for the clock to catch up is found out. */
const freeMaxMs = 60_000;

const path = mkdtempSync(join(tmpdir(), "wrong-clock-"));

/** The library that shows a process the wrong time; undefined where it cannot be made. */
function makeClock(): string | undefined {
  const library = join(path, "clock-ahead.so");
  const source = join(import.meta.dirname, "clock-ahead.c");
  const step = `-DSTEP_S=${stepMs / 1_000}`;
  const made = spawnSync("cc", [step, "-O1", "-shared", "-fPIC", "-o", library, source]);
  if (process.platform === "linux" && made.status === 0) return library;
  process.stderr.write("SKIPPED wrong-clock.test.ts: needs Linux and a C compiler (cc)\n");
  return undefined;
}

const library = makeClock();
let folder: ServiceFolder;
let service: Workerd | undefined;

beforeAll(async () => {
  if (library !== undefined) folder = await prepareService(path);
}, startMaxMs);
afterAll(async () => {
  await service?.stop();
  rmSync(path, { recursive: true, force: true });
});

type Body = Readonly<Record<string, unknown>>;

async function ask(url: string, sent?: { key: string; body: object }) {
  const answer = await fetch(`http://127.0.0.1:${folder.port}${url}`, {
    ...(sent && {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": sent.key },
      body: JSON.stringify(sent.body),
    }),
  });
  const body: Body = await answer.json();
  return { status: answer.status, body };
}

const openUser = async (key: string) =>
  (await ask("/users", { key, body: { name: key } })).body as { walletId: string };

/** As another process would: no write to the wallet succeeds until the lock is closed. */
function lockFileOf(walletId: string): DatabaseSync {
  const file = databasesIn(join(folder.state, "Wallet")).find((one) => accountIn(one) === walletId);
  if (file === undefined) throw new Error("the wallet has no file");
  const database = new DatabaseSync(file);
  database.exec("BEGIN IMMEDIATE");
  return database;
}

const soon = { timeout: freeMaxMs, interval: 500 };
const limits = { timeout: startMaxMs + 2 * freeMaxMs };

test.runIf(library)(
  "undecided money is free soon after the clock was put right",
  limits,
  async () => {
    service = await startWorkerd(folder, [], { LD_PRELOAD: library ?? "" });
    const { walletId: sender } = await openUser("sender");
    const { walletId: receiver } = await openUser("receiver");
    const funding = { walletId: sender, amount: 100, paymentReference: "p-1" };
    const funded = await ask("/transactions/fund", { key: "funding", body: funding });
    expect(funded.status).toBe(201);
    const ahead = Date.parse(String(funded.body["createdAt"])) - Date.now();
    expect(ahead, "the runtime shows the wrong time").toBeGreaterThan(stepMs - 60_000);

    const lock = lockFileOf(receiver);
    const body = { fromWalletId: sender, toWalletId: receiver, amount: 40 };
    const sent = await ask("/transactions/transfer", { key: "transfer", body });
    expect([sent.status, sent.body["status"]]).toEqual([202, "pending"]);
    const id = String(sent.body["id"]);
    expect((await ask(`/wallets/${sender}/balance`)).body["available"]).toBe(60);
    await service.kill();

    // The receiver still does not answer: only the deadline, as it should have been, can end this.
    service = await startWorkerd(folder);
    // The operators' list shows it although it was created in the future, and wakes its log.
    const { body: unsettled } = await ask("/ops/unsettled?olderThan=0");
    expect(unsettled["data"]).toContainEqual(expect.objectContaining({ transactionId: id }));
    await vi.waitFor(async () => {
      expect((await ask(`/transactions/${id}`)).body["status"]).toBe("rejected");
      expect((await ask(`/wallets/${sender}/balance`)).body["available"]).toBe(100);
    }, soon);
    lock.close();
    await vi.waitFor(async () => {
      expect((await ask("/ops/unsettled?olderThan=0")).body["data"]).toEqual([]);
    }, soon);
    const all = { ...body, amount: 100 };
    const spent = await ask("/transactions/transfer", { key: "all", body: all });
    expect([spent.status, spent.body["status"]]).toEqual([201, "committed"]);
    expect((await ask(`/wallets/${receiver}/balance`)).body["balance"]).toBe(100);
  },
);
