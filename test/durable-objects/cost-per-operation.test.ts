// Guarantee: what an operation costs at the platform's meters (rows written, rows read, object
// requests, commits one after the other) is as docs/cost.md says, however long the ledgers are.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { operationOf, type SentRequest } from "../../src/domain/operations/all.ts";
import { readAuthorized } from "../../src/domain/operations/authorization.ts";
import type { StoredFunding } from "../../src/domain/operations/funding.ts";
import type { MovedAmount } from "../../src/domain/operations/operation.ts";
import type { StoredWithdrawal } from "../../src/domain/operations/withdrawal.ts";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import type { TransferLog } from "../../src/durable-objects/transfer-log/transfer-log.ts";
import { walletStub } from "../../src/durable-objects/rpc/stubs.ts";
import { authorize } from "../support/authorized.ts";
import { batchUnder, outcomesOf, submitBatch } from "../support/batches.ts";
import { call, tenant } from "../support/caller.ts";
import { get } from "../support/http.ts";
import { keyInShard, referenceInShard } from "../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer, withdrawal } from "../support/ledger.ts";
import { externalObject, logObject, walletObject } from "../support/stubs.ts";
import { fundedWallet, openWallet, readBalance } from "../support/wallets.ts";
import { breakNetwork } from "../support/faulty-stubs.ts";
import { postMany } from "../support/legs.ts";
import { Meter } from "../support/meter.ts";

const logShard = 201;
const externalShard = 202;

/** More than two checkpoints, and as many entries behind the last as there can be. */
const longLedger = 191;

/** Of a transfer at any length: mostly the entries behind the last checkpoint, in both wallets. */
const transferRowsReadMax = 330;

/** The row that says `settled` goes with the shard's next write, or before a read that shows it. */
async function settle(log: DurableObjectStub): Promise<void> {
  const asked = { ...call, createdUntil: 0 };
  await runInDurableObject(log as DurableObjectStub<TransferLog>, (instance) =>
    instance.unsettled(asked),
  );
}

/** The shards that the tests use exist, hold nothing open and have no alarm but that of their next
 *  scrub: the undisturbed and dearest case. */
async function prepareShards(): Promise<void> {
  const wallet = await openWallet();
  const warmUp = submission(
    funding(wallet, 1, referenceInShard(externalShard)),
    keyInShard(logShard),
  );
  expect(outcomeOf(await submit(warmUp))).toBe("committed");
  const log = logObject(warmUp.id);
  await settle(log);
  await runInDurableObject(log, (_instance, { storage }) => storage.deleteAlarm());
  await evictDurableObject(log);
}

/** A wallet with `length` entries, each a credit of 10. */
async function walletWith(length: number): Promise<string> {
  const walletId = await openWallet();
  await postMany(walletId, length, () => submission(funding(walletId, 10)));
  return walletId;
}

async function costOf(submitted: Submission, wallets: Record<string, string>, expected: string) {
  const meter = new Meter();
  await meter.watch(logObject(submitted.id), "log");
  for (const [name, walletId] of Object.entries(wallets)) {
    await meter.watch(walletObject(walletId), name);
  }
  if (operationOf(submitted.request).externalPaymentOf(submitted.request)) {
    await meter.watch(externalObject(submitted), "outside");
  }
  expect(outcomeOf(await submit(submitted))).toBe(expected);
  await settle(logObject(submitted.id));
  return meter.read();
}

/** By the table that a statement names: what appends an entry also closes the leg that it posts. */
const transferWritten = {
  "log transactions": 3,
  "log alarm": 1,
  "sender legs": 1,
  "sender entries": 2,
  "receiver legs": 1,
  "receiver entries": 2,
};

describe("a transfer", () => {
  it.each([1, longLedger - 1])(
    "costs 10 rows, 5 object requests and 4 rounds with %i entries on each side",
    async (length) => {
      await prepareShards();
      const [sender, receiver] = [await walletWith(length), await walletWith(length)];
      const submitted = submission(transfer(sender, receiver, 1), keyInShard(logShard));
      const cost = await costOf(submitted, { sender, receiver }, "committed");
      expect(cost).toMatchObject({ rowsWritten: 10, objectRequests: 5, durableRounds: 4 });
      expect(cost.written).toEqual(transferWritten);
      expect(cost.rowsRead).toBeLessThanOrEqual(transferRowsReadMax);
    },
  );

  it("writes one row more in a wallet whose entry completes a checkpoint's interval", async () => {
    await prepareShards();
    const [sender, receiver] = [await walletWith(1), await walletWith(63)];
    const submitted = submission(transfer(sender, receiver, 1), keyInShard(logShard));
    const cost = await costOf(submitted, { sender, receiver }, "committed");
    expect(cost.written).toEqual({ ...transferWritten, "receiver checkpoints": 1 });
  });

  it("needs no second alarm while one is set", async () => {
    await prepareShards();
    const [sender, receiver] = [await fundedWallet(10), await openWallet()];
    const earlier = submission(transfer(sender, receiver, 1), keyInShard(logShard));
    expect(outcomeOf(await submit(earlier))).toBe("committed");
    const log = logObject(earlier.id);
    await runInDurableObject(log, (instance) =>
      instance.find({ ...call, transactionId: earlier.id }),
    );
    const submitted = submission(transfer(sender, receiver, 1), keyInShard(logShard));
    const cost = await costOf(submitted, { sender, receiver }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 9, objectRequests: 5, durableRounds: 4 });
  });

  it("costs 7 rows, 5 object requests and 4 rounds where it is refused", async () => {
    await prepareShards();
    const [sender, receiver] = [await openWallet(), await openWallet()];
    const submitted = submission(transfer(sender, receiver, 1), keyInShard(logShard));
    const cost = await costOf(submitted, { sender, receiver }, "insufficient_funds");
    expect(cost).toMatchObject({ rowsWritten: 7, objectRequests: 5, durableRounds: 4 });
    expect(cost.written).toEqual({
      "log transactions": 3,
      "log alarm": 1,
      "sender legs": 1,
      "receiver legs": 2,
    });
  });

  it("costs one object request and no row to replay", async () => {
    const [sender, receiver] = [await fundedWallet(10), await openWallet()];
    const submitted = submission(transfer(sender, receiver, 1));
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    await settle(logObject(submitted.id));
    const cost = await costOf(submitted, { sender, receiver }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 1, durableRounds: 0 });
    expect(cost.rowsRead).toBeLessThanOrEqual(10);
  });
});

describe("160 transfers of 1 at once", { timeout: 60_000 }, () => {
  /** In so many log shards, that one round of asks makes as many calls. */
  const shardsUsed = 32;
  const count = 160;

  /** The outcome; on a busy machine that may take longer than a client is kept waiting. */
  async function outcomeInTheEnd(submitted: Submission): Promise<string> {
    const outcome = outcomeOf(await submit(submitted));
    return outcome === "pending" ? outcomeInTheEnd(submitted) : outcome;
  }

  it("from a wallet of 60 cost fewer asks than there are transfers", async () => {
    const [sender, receiver] = [await fundedWallet(60), await openWallet()];
    const { network, restore } = breakNetwork();
    const asked = network.next("ask", "delay", sender);
    const transfers = Array.from({ length: count }, (_, index) =>
      submission(transfer(sender, receiver, 1), keyInShard(index % shardsUsed)),
    );
    const results = Promise.all(transfers.map(outcomeInTheEnd));
    await asked.met();
    asked.letGo();
    const outcomes = await results;
    const asks = asked.count().attempts;
    restore();
    expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(60);
    expect(outcomes.filter((outcome) => outcome === "insufficient_funds")).toHaveLength(100);
    expect(asks).toBeGreaterThan(0);
    expect(asks).toBeLessThan(count);
  });
});

describe("a funding", () => {
  it.each([1, longLedger - 1])(
    "costs 11 rows, 5 object requests and 4 rounds into a wallet with %i entries",
    async (length) => {
      await prepareShards();
      const wallet = await walletWith(length);
      const sent = funding(wallet, 1, referenceInShard(externalShard));
      const cost = await costOf(submission(sent, keyInShard(logShard)), { wallet }, "committed");
      expect(cost).toMatchObject({ rowsWritten: 11, objectRequests: 5, durableRounds: 4 });
      expect(cost.written).toEqual({
        "log transactions": 3,
        "log alarm": 1,
        "wallet legs": 1,
        "wallet entries": 2,
        "outside legs": 1,
        "outside entries": 2,
        "outside claims": 1,
      });
    },
  );
});

describe("a withdrawal", () => {
  it("costs 11 rows, 5 object requests and 4 rounds", async () => {
    await prepareShards();
    const wallet = await walletWith(longLedger - 1);
    const sent = withdrawal(wallet, 1, referenceInShard(externalShard));
    const cost = await costOf(submission(sent, keyInShard(logShard)), { wallet }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 11, objectRequests: 5, durableRounds: 4 });
    expect(cost.written).toEqual({
      "log transactions": 3,
      "log alarm": 1,
      "wallet legs": 1,
      "wallet entries": 2,
      "outside legs": 1,
      "outside entries": 2,
      "outside claims": 1,
    });
    expect(cost.rowsRead).toBeLessThanOrEqual(transferRowsReadMax);
  });
});

describe("money that waits", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** `payout`: what is captured leaves for outside. `expiresIn` in seconds. */
  async function authorized({ payout = false, expiresIn = 604_800 } = {}) {
    const [sender, receiver] = [await walletWith(longLedger - 4), await walletWith(1)];
    const to = payout ? {} : { toWalletId: receiver };
    const money = { fromWalletId: sender, ...to, amount: 10, expiresIn };
    const sent = { type: "authorization", ...money } as const;
    const submitted = submission(sent, keyInShard(logShard));
    return { sender, receiver, submitted };
  }

  /** An authorization that is settled, and a request that ends it. */
  async function open(
    end: { readonly type: string; readonly amount?: number; readonly payoutReference?: string },
    what: { readonly payout?: boolean; readonly expiresIn?: number } = {},
  ) {
    const { sender, receiver, submitted } = await authorized(what);
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    const log = logObject(submitted.id);
    await settle(log);
    await runInDurableObject(log, (_instance, { storage }) => storage.deleteAlarm());
    await evictDurableObject(log);
    const asked = { ...call, transactionId: submitted.id };
    const found = await runInDurableObject(log, (instance) => instance.find(asked));
    if (!found.ok) throw new Error("an authorization is recorded");
    const authorization = readAuthorized(found.transaction);
    const ending = submission({ ...end, authorization } as SentRequest, keyInShard(logShard));
    return { sender, receiver, ending, authorization };
  }

  it("costs 9 rows, 3 object requests and 4 rounds to authorize", async () => {
    await prepareShards();
    const { sender, submitted } = await authorized();
    const cost = await costOf(submitted, { sender }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 9, objectRequests: 3, durableRounds: 4 });
    expect(cost.written).toEqual({
      "log transactions": 3,
      "log expirations": 1,
      "log alarm": 1,
      "sender legs": 1,
      "sender entries": 3,
    });
    expect(cost.rowsRead).toBeLessThanOrEqual(transferRowsReadMax);
  });

  it.each([
    ["all of it", 10, 11, 3],
    ["a part", 4, 12, 4],
  ])("costs %s %i: %i rows to capture", async (_name, amount, rowsWritten, entries) => {
    await prepareShards();
    const { sender, receiver, ending } = await open({ type: "capture", amount });
    const cost = await costOf(ending, { sender, receiver }, "committed");
    expect(cost).toMatchObject({ rowsWritten, objectRequests: 5, durableRounds: 4 });
    expect(cost.written).toEqual({
      "log transactions": 3,
      "log alarm": 1,
      "sender legs": 1,
      "sender claims": 1,
      "sender entries": entries - 1,
      "receiver legs": 1,
      "receiver entries": 2,
    });
    expect(cost.rowsRead).toBeLessThanOrEqual(transferRowsReadMax);
  });

  it.each([
    ["all of it", 10, 12, 3],
    ["a part", 4, 13, 4],
  ])(
    "costs, of %s, %i, %i rows to capture as a payout",
    async (_name, amount, rowsWritten, entries) => {
      await prepareShards();
      const payoutReference = referenceInShard(externalShard);
      const capture = { type: "capture", amount, payoutReference };
      const { sender, ending } = await open(capture, { payout: true });
      const cost = await costOf(ending, { sender }, "committed");
      // Its two holds come one after the other, which the meter counts as one round.
      expect(cost).toMatchObject({ rowsWritten, objectRequests: 5 });
      expect(cost.written).toEqual({
        "log transactions": 3,
        "log alarm": 1,
        "sender legs": 1,
        "sender claims": 1,
        "sender entries": entries - 1,
        "outside legs": 1,
        "outside claims": 1,
        "outside entries": 2,
      });
      expect(cost.rowsRead).toBeLessThanOrEqual(transferRowsReadMax);
    },
  );

  it.each([
    ["that nothing has ended", undefined, { "log transactions": 3, "sender claims": 1 }],
    ["that was cancelled", { type: "cancellation" } as const, {}],
  ])("costs one row to let go of an authorization %s", async (_name, end, written) => {
    await prepareShards();
    const what = { expiresIn: 60 };
    const { sender, ending, authorization } = await open(end ?? { type: "cancellation" }, what);
    if (end) expect(outcomeOf(await submit(ending))).toBe("committed");
    const log = logObject(ending.id);
    await settle(log);
    vi.useFakeTimers({ toFake: ["Date"], now: authorization?.expiresAt ?? 0 });
    const meter = new Meter();
    await meter.watch(log, "log");
    await meter.watch(walletObject(sender), "sender");
    await runInDurableObject(log, (instance) => instance.alarm());
    await settle(log);
    const { "log alarm": _alarm, ...rows } = meter.read().written;
    const inWallet = end ? {} : { "sender legs": 1, "sender entries": 3 };
    expect(rows).toEqual({ "log expirations": 1, ...written, ...inWallet });
  });

  it("costs 9 rows to cancel", async () => {
    await prepareShards();
    const { sender, ending } = await open({ type: "cancellation" });
    const cost = await costOf(ending, { sender }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 9, objectRequests: 3, durableRounds: 4 });
    expect(cost.written).toEqual({
      "log transactions": 3,
      "log alarm": 1,
      "sender legs": 1,
      "sender claims": 1,
      "sender entries": 3,
    });
  });
});

describe("a reversal", () => {
  /** Of a transaction of 10 that was settled before. */
  async function reversalOf(sent: SentRequest, moved: readonly MovedAmount[], more: object = {}) {
    const original = submission(sent);
    expect(outcomeOf(await submit(original))).toBe("committed");
    const { id: transactionId } = original;
    return submission(
      { type: "reversal", transactionId, moved, amount: 4, ...more },
      keyInShard(logShard),
    );
  }

  it("of a transfer costs 11 rows, 5 object requests and 4 rounds", async () => {
    await prepareShards();
    const [sender, receiver] = [await walletWith(1), await walletWith(longLedger - 2)];
    const moved = [{ from: sender, to: receiver, amount: 10, currency: "USD" }];
    const submitted = await reversalOf(transfer(sender, receiver, 10), moved);
    const cost = await costOf(submitted, { sender, receiver }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 11, objectRequests: 5, durableRounds: 4 });
    expect(cost.written).toEqual({ ...transferWritten, "receiver claims": 1 });
    expect(cost.rowsRead).toBeLessThanOrEqual(transferRowsReadMax + 20);
  });

  it("of a funding costs the same", async () => {
    await prepareShards();
    const wallet = await openWallet();
    const sent = funding(wallet, 10, referenceInShard(externalShard));
    const payment = { provider: "default", paymentReference: sent.paymentReference };
    const moved = [{ from: "external:default", to: wallet, amount: 10, currency: "USD" }];
    const submitted = await reversalOf(sent, moved, payment);
    const cost = await costOf(submitted, { wallet }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 11, objectRequests: 5, durableRounds: 4 });
    expect(cost.written).toMatchObject({ "wallet claims": 1, "outside legs": 1 });
  });
});

describe("a batch", () => {
  it("of 10 transfers costs 92 rows and 41 object requests", async () => {
    await prepareShards();
    const [sender, receiver] = [await walletWith(1), await openWallet()];
    const sent = Array.from({ length: 10 }, () => transfer(sender, receiver, 1));
    const batch = batchUnder(keyInShard(logShard), ...sent);
    const meter = new Meter();
    await meter.watch(logObject(batch.id), "log");
    await meter.watch(walletObject(sender), "sender");
    await meter.watch(walletObject(receiver), "receiver");
    expect(new Set(outcomesOf(await submitBatch(batch)))).toEqual(new Set(["committed"]));
    await settle(logObject(batch.id));
    const cost = meter.read();
    expect(cost).toMatchObject({ rowsWritten: 92, objectRequests: 41 });
    expect(cost.rowsRead).toBeLessThan(600);
    expect(cost.written).toEqual({
      "log batches": 1,
      "log transactions": 30,
      "log alarm": 1,
      "sender legs": 10,
      "sender entries": 20,
      "receiver legs": 10,
      "receiver entries": 20,
    });
  });
});

describe("a split", () => {
  async function emptyWallets(count: number): Promise<readonly string[]> {
    return await Promise.all(Array.from({ length: count }, () => openWallet()));
  }

  it("between three wallets costs 14 rows, 7 object requests and 4 rounds", async () => {
    await prepareShards();
    const sender = await walletWith(1);
    const [seller = "", fee = ""] = await emptyWallets(2);
    const postings = [
      { from: sender, to: seller, amount: 9 },
      { from: sender, to: fee, amount: 1 },
    ];
    const submitted = submission({ type: "split", postings }, keyInShard(logShard));
    const cost = await costOf(submitted, { sender, seller, fee }, "committed");
    expect(cost).toMatchObject({ rowsWritten: 14, objectRequests: 7, durableRounds: 4 });
    expect(cost.written).toEqual({
      "log transactions": 3,
      "log alarm": 1,
      "sender legs": 1,
      "sender entries": 3,
      "seller legs": 1,
      "seller entries": 2,
      "fee legs": 1,
      "fee entries": 2,
    });
  });

  it("of 20 postings from outside to 10 wallets costs 67 rows and 23 object requests", async () => {
    await prepareShards();
    const wallets = await emptyWallets(10);
    const postings = [...wallets, ...wallets].map((to) => ({ from: "external", to, amount: 1 }));
    const paymentReference = referenceInShard(externalShard);
    const sent = { type: "split", postings, paymentReference } as const;
    const submitted = submission(sent, keyInShard(logShard));
    const named = Object.fromEntries(wallets.map((walletId, index) => [`${index}`, walletId]));
    const cost = await costOf(submitted, named, "committed");
    expect(cost).toMatchObject({ rowsWritten: 67, objectRequests: 23, durableRounds: 4 });
    expect(cost.written).toMatchObject({
      "outside legs": 1,
      "outside entries": 21,
      "outside claims": 1,
      "9 legs": 1,
      "9 entries": 3,
    });
  });
});

describe("a list of authorizations", () => {
  it("costs one object request to the wallet, and one for each that is on the page", async () => {
    const [sender, receiver] = [await walletWith(longLedger - 8), await openWallet()];
    const listed = [];
    for (let count = 0; count < 4; count++) listed.push(await authorize(sender, receiver, 1));
    const meter = new Meter();
    await meter.watch(walletObject(sender), "sender");
    for (const { submitted } of listed) {
      await settle(logObject(submitted.id));
      await meter.watch(logObject(submitted.id), `log of ${submitted.id}`);
    }
    const { body } = await get(`/wallets/${sender}/authorizations?status=open&limit=4`);
    expect(body["data"]).toHaveLength(4);
    const cost = meter.read();
    expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 5, durableRounds: 0 });
    expect(cost.rowsRead).toBeLessThanOrEqual(150);
  });
});

describe("a transaction that is read", () => {
  const nothing = { rowsWritten: 0, durableRounds: 0 };

  it("with its entries costs one object request more for each own wallet", async () => {
    const [sender, receiver] = [await walletWith(longLedger), await walletWith(longLedger)];
    const sent = submission(transfer(sender, receiver, 1));
    expect(outcomeOf(await submit(sent))).toBe("committed");
    await settle(logObject(sent.id));
    const costOfReading = async (query: string) => {
      const meter = new Meter();
      await meter.watch(logObject(sent.id), "log");
      await meter.watch(walletObject(sender), "sender");
      await meter.watch(walletObject(receiver), "receiver");
      const { body } = await get(`/transactions/${sent.id}${query}`);
      expect(body["id"]).toBe(sent.id);
      return meter.read();
    };
    // The log, and the receiver for reversals.
    const without = await costOfReading("");
    expect(without).toMatchObject({ objectRequests: 2, ...nothing });
    const cost = await costOfReading("?include=entries");
    expect(cost).toMatchObject({ objectRequests: 4, ...nothing });
    expect(cost.rowsRead - without.rowsRead).toBeLessThanOrEqual(2 * 80);
  });
});

describe("a look-up by reference", () => {
  /** Of what is looked for, in every object that is asked. */
  async function costOfLookUp(path: string, sent: Submission, wallets: Record<string, string>) {
    const meter = new Meter();
    await meter.watch(logObject(sent.id), "log");
    await meter.watch(externalObject(sent), "outside");
    for (const [name, walletId] of Object.entries(wallets)) {
      await meter.watch(walletObject(walletId), name);
    }
    const { body } = await get(path);
    expect(body["data"]).toMatchObject([{ id: sent.id }]);
    return meter.read();
  }

  it("costs 3 object requests for a payment, of which the last asks for its reversals", async () => {
    const wallet = await walletWith(longLedger - 1);
    const sent = submission(funding(wallet, 1));
    expect(outcomeOf(await submit(sent))).toBe("committed");
    await settle(logObject(sent.id));
    const { paymentReference } = sent.request as StoredFunding;
    const path = `/transactions?paymentReference=${paymentReference}`;
    const cost = await costOfLookUp(path, sent, { wallet });
    expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 3, durableRounds: 0 });
    expect(cost.rowsRead).toBeLessThanOrEqual(20);
  });

  it("costs 3 for a payout, of which two are to the outside world", async () => {
    const wallet = await walletWith(longLedger - 1);
    const sent = submission(withdrawal(wallet, 1));
    expect(outcomeOf(await submit(sent))).toBe("committed");
    await settle(logObject(sent.id));
    const { payoutReference } = sent.request as StoredWithdrawal;
    const path = `/transactions?payoutReference=${payoutReference}`;
    const cost = await costOfLookUp(path, sent, { wallet });
    expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 3, durableRounds: 0 });
    expect(cost.rowsRead).toBeLessThanOrEqual(20);
  });

  it("costs 1, to the outside world, where nothing uses the reference", async () => {
    const unused = submission(funding(await openWallet(), 1));
    const { paymentReference } = unused.request as StoredFunding;
    const meter = new Meter();
    await meter.watch(externalObject(unused), "outside");
    const { body } = await get(`/transactions?paymentReference=${paymentReference}`);
    expect(body["data"]).toEqual([]);
    const cost = meter.read();
    expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 1, durableRounds: 0 });
    expect(cost.rowsRead).toBeLessThanOrEqual(5);
  });
});

describe("a read", () => {
  it.each([1, 128, longLedger])(
    "of the balance after %i entries reads at most 80 rows",
    async (length) => {
      const walletId = await walletWith(length);
      const meter = new Meter();
      await meter.watch(walletObject(walletId), "wallet");
      const { positions } = await readBalance(walletId);
      expect(positions[0]?.balance).toBe(10 * length);
      const cost = meter.read();
      expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 1, durableRounds: 0 });
      expect(cost.rowsRead).toBeLessThanOrEqual(80);
    },
  );

  it.each([
    { length: longLedger, limit: 1 },
    { length: longLedger, limit: 50 },
    { length: longLedger + 100, limit: 200 },
  ])(
    "of a page of $limit after $length entries reads at most 80 rows more than that",
    async ({ length, limit }) => {
      const walletId = await walletWith(length);
      const meter = new Meter();
      await meter.watch(walletObject(walletId), "wallet");
      const page = await walletStub(env, tenant, walletId).readHistory({
        ...call,
        walletId,
        filter: {},
        limit,
      });
      expect(page).toMatchObject({ ok: true, entries: { length: limit } });
      const cost = meter.read();
      expect(cost).toMatchObject({ rowsWritten: 0, objectRequests: 1, durableRounds: 0 });
      expect(cost.rowsRead).toBeLessThanOrEqual(limit + 80);
    },
  );
});
