// Guarantee: nothing that a client sends gets into the logs but the ids that it is about: no names,
// texts, references, metadata, keys or credentials, wherever they are put, in requests that succeed
// and in requests that fail. The one exception is by contract: a good X-Request-Id is taken over.
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import document from "../../docs/openapi.json" with { type: "json" };
import { transactionIdFor } from "../../src/domain/ids.ts";
import { bodyBytesMax } from "../../src/domain/limits.ts";
import { get, post, send } from "../support/http.ts";
import { newFunding, newTransfer, newWithdrawal } from "../support/http-ledger.ts";
import { openFunded, openUser } from "../support/http-users.ts";
import { breakNetwork } from "../support/faulty-stubs.ts";
import { tenant } from "../support/caller.ts";
import { newKey } from "../support/keys.ts";
import { logObject, walletObject } from "../support/stubs.ts";
import { runSql } from "../support/objects.ts";
import { tamper } from "../support/tampering.ts";

/** In every text that is not an id; no uppercase, so that any field may hold it. */
const canary = "canary-5e8d1f";

let output = "";
const methods = ["log", "info", "debug", "warn", "error", "trace"] as const;
const spies = methods.map((method) =>
  vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
    output += `${values.map(String).join(" ")}\n`;
  }),
);
const { network, restore } = breakNetwork();
beforeEach(() => {
  output = "";
});
afterAll(() => {
  for (const spy of spies) spy.mockRestore();
  restore();
});

/** The lines hold what they should, and no canary. */
function expectClean(...events: readonly string[]): void {
  for (const event of events) expect(output).toContain(`"event":"${event}"`);
  expect(output.split("\n").filter((line) => line.toLowerCase().includes("canary"))).toEqual([]);
}

/** In every header that may hold a secret, and in one that would be taken over were it good. */
const headers = {
  cookie: `session=${canary}`,
  "x-api-key": canary,
  "x-forwarded-for": canary,
  "user-agent": canary,
  referer: `https://${canary}.test/`,
  origin: `https://${canary}.test`,
  "x-request-id": `${canary}!`,
};

const newCanary = () => `${canary}-${newKey()}`;
const details = () => ({
  description: newCanary(),
  metadata: { [canary]: newCanary(), token: newCanary() },
});
const write = (path: string, body: unknown, key = newCanary()) => post(path, body, key, headers);

describe("writes", () => {
  test("that succeed, their repetitions and their conflicts", async () => {
    const profile = { name: newCanary(), email: `${canary}@example.com`, metadata: { a: canary } };
    const { body } = await write("/users", profile);
    const walletId = String(body["walletId"]);
    const other = await openUser();
    const payment = { paymentReference: newCanary(), provider: canary };
    const funding = { ...newFunding(walletId, 9), ...payment, ...details() };
    const payout = { payoutReference: newCanary(), provider: canary };
    const withdrawal = { ...newWithdrawal(walletId, 3), ...payout, ...details() };
    const sent: (readonly [path: string, body: object, other: object])[] = [
      ["/users", profile, { name: canary }],
      ["/transactions/fund", funding, { amount: 1 }],
      [
        "/transactions/transfer",
        newTransfer(walletId, other.walletId, 1, details()),
        { amount: 2 },
      ],
      ["/transactions/withdraw", withdrawal, { amount: 1 }],
      [`/wallets/${walletId}/freezes`, { frozen: true, reason: newCanary() }, { frozen: false }],
    ];
    for (const [path, good, change] of sent) {
      const key = newCanary();
      const answers = [];
      for (const one of [good, good, { ...good, ...change }]) {
        answers.push((await write(path, one, key)).status);
      }
      expect(answers).toEqual([201, 201, 422]);
    }
    expect((await write("/transactions/fund", funding)).status).toBe(409);
    expect((await write("/transactions/withdraw", withdrawal)).status).toBe(422);
    for (const reference of [payment, payout]) {
      const query = String(new URLSearchParams(reference));
      const found = await get(`/transactions?${query}`, headers);
      expect(found.body["data"]).toMatchObject([reference]);
    }
    const frozen = newTransfer(walletId, other.walletId, 1, details());
    expect((await write("/transactions/transfer", frozen)).status).toBe(422);
    expectClean("request", "saga");
  });

  test.each([
    "/users",
    "/transactions",
    "/transactions/fund",
    "/transactions/transfer",
    "/transactions/withdraw",
    "/wallets/wal_1/freezes",
  ])("to %s that are refused", async (path) => {
    const bodies: unknown[] = [
      `{"name":"${canary}`,
      `{"${canary}":1,"${canary}":2}`,
      { [canary]: canary },
      { walletId: canary, amount: 1, paymentReference: canary },
      { fromWalletId: canary, toWalletId: `wal_${canary}`, amount: 1, currency: canary },
      { frozen: canary, reason: canary },
      canary,
    ];
    for (const body of bodies) expect((await write(path, body)).status).toBeGreaterThan(399);
    expect((await write(path, {}, `${canary},`)).status).toBe(400);
    const type = { ...headers, "content-type": `text/${canary}` };
    expect((await send("POST", path, { headers: type, body: canary })).status).toBe(415);
    const long = { headers: { ...headers, "content-type": "application/json" } };
    const tooLong = { ...long, body: canary.repeat(bodyBytesMax / 10) };
    expect((await send("POST", path, tooLong)).status).toBe(413);
    expectClean("request");
  });
});

test("credentials that are not believed, in any form", async () => {
  const forms = ["Bearer", "Basic", "Token", ""].map((scheme) => `${scheme} ${canary}`.trim());
  for (const authorization of [...forms, `Bearer wk_live_${canary}_${canary}`]) {
    const sent = { ...headers, authorization };
    expect((await get("/transactions", sent)).status).toBe(401);
    expect((await post("/users", { name: canary }, newCanary(), sent)).status).toBe(401);
  }
  expectClean("request");
});

test("reads of every route, and of none, with a canary in the path and in the query", async () => {
  const reads = Object.entries(document.paths).filter(([, operations]) => "get" in operations);
  const paths = reads.map(([path]) => path.replace(/\{\w+\}/, `wal_${canary}`));
  const more = [
    "/",
    "/docs",
    "/docs/errors",
    `/docs/assets/${canary}`,
    `/${canary}`,
    "/openapi.json",
  ];
  const references = ["paymentReference", "payoutReference", "provider"];
  const query = [
    "walletId",
    ...references,
    "currency",
    "cursor",
    "from",
    "limit",
    "olderThan",
    "token",
    canary,
  ];
  for (const path of [...paths, ...more]) {
    await get(path, headers);
    for (const name of query) await get(`${path}?${name}=${canary}`, headers);
    await send("PUT", `${path}?token=${canary}`, { headers, body: canary });
  }
  expectClean("request");
});

describe("faults inside", () => {
  test("a record that cannot be read is not quoted", async () => {
    const { walletId } = await openFunded(5);
    await tamper(walletObject(walletId), `UPDATE profiles SET metadata = '{"${canary}'`);
    expect((await get(`/users/${walletId.replace("wal_", "usr_")}`, headers)).status).toBe(500);

    const key = newCanary();
    const funding = { ...newFunding(walletId, 5), ...details() };
    await write("/transactions/fund", funding, key);
    const log = logObject(transactionIdFor(tenant, key));
    await tamper(log, `UPDATE transactions SET details = '${canary}'`);
    expect((await write("/transactions/fund", funding, key)).status).toBe(500);
    expectClean("request", "unhandled");
  });

  test("an object that is damaged in the middle of a write", async () => {
    const { walletId } = await openUser();
    const key = newCanary();
    await runSql(
      logObject(transactionIdFor(tenant, key)),
      "CREATE TABLE transactions (broken TEXT)",
    );
    const funding = { ...newFunding(walletId, 5), ...details(), paymentReference: newCanary() };
    expect((await write("/transactions/fund", funding, key)).status).toBe(500);
    expectClean("request", "unhandled");
  });

  test.each([
    ["hold", "retryable", 201],
    ["hold", "drop_after", 201],
    ["submit", "overloaded", 503],
  ] as const)("a call that fails: %s %s", async (method, fault, status) => {
    const { walletId } = await openUser();
    network.next(method, fault);
    const funding = { ...newFunding(walletId, 5), ...details(), paymentReference: newCanary() };
    expect((await write("/transactions/fund", funding)).status).toBe(status);
    expectClean("request", "call_failed");
  });
});
