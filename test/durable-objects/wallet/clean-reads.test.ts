// Guarantee: balance and history show what was decided before the read began, whether or not the
// account has heard of it. Where that could not be found out they say so (`inFlight`), and show what
// was acknowledged.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { SagaState } from "../../../src/domain/protocol/saga.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import type { HistoryCall, HistoryPage } from "../../../src/durable-objects/wallet/contract.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { call, tenant } from "../../support/caller.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { hideTable } from "../../support/objects.ts";

async function readHistory(
  walletId: string,
  more: Partial<HistoryCall> = {},
): Promise<HistoryPage> {
  const wallet = walletStub(env, tenant, walletId);
  const page = await wallet.readHistory({ ...call, walletId, filter: {}, limit: 50, ...more });
  if (!page.ok) throw new Error(page.problem);
  return page;
}

/** A transfer of 40 out of 100 with both holds placed, and in the log the given state. */
async function inFlight(state: SagaState | "unknown") {
  const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const submitted: Submission = submission(transfer(sender, receiver, 40));
  const sides = sidesOf(submitted);
  for (const side of sides) await side.hold();
  const refusal = { code: "transaction_expired" } as const;
  if (state !== "unknown") {
    await recordTransaction(submitted, { state, ...(state === "rejected" && { refusal }) });
  }
  return { sender, receiver, submitted, sides };
}

const usd = (balance: number, held = 0, incoming = 0) => ({
  currency: "USD",
  balance,
  available: balance - held,
  reserved: 0,
  held,
  incoming,
});

describe("a transfer that is committed and not posted yet", () => {
  it("is shown by a read of either wallet's balance", async () => {
    const { sender, receiver } = await inFlight("committed");
    const [debited, credited] = [await readBalance(sender), await readBalance(receiver)];
    expect(debited).toMatchObject({ positions: [usd(60)], head: { sequence: 2 } });
    expect(credited).toMatchObject({ positions: [usd(40)], head: { sequence: 1 } });
    expect(debited).not.toHaveProperty("inFlight");
    expect(credited).not.toHaveProperty("inFlight");
  });

  it("is shown by a read of either wallet's history", async () => {
    const { sender, receiver, submitted } = await inFlight("committed");
    const { id: transactionId } = submitted;
    const debited = await readHistory(sender);
    const credited = await readHistory(receiver);
    expect(debited.entries[0]).toMatchObject({
      transactionId,
      direction: "debit",
      balanceAfter: 60,
    });
    expect(credited.entries[0]).toMatchObject({ transactionId, amount: 40, balanceAfter: 40 });
  });

  it("is shown once: the log's own post afterwards is only acknowledged", async () => {
    const { sender, sides, submitted } = await inFlight("committed");
    await readBalance(sender);
    expect(await sides[0].post()).toMatchObject({ acknowledged: true });
    expect(await recordedLeg(sides[0].object, submitted.id)).toMatchObject({ entries: 1 });
    expect((await readBalance(sender)).positions).toEqual([usd(60)]);
  });
});

describe("a transfer that is rejected and not released yet", () => {
  it("is not held in any answer, and is void afterwards", async () => {
    const { sender, receiver, sides, submitted } = await inFlight("rejected");
    expect((await readBalance(sender)).positions).toEqual([usd(100)]);
    expect((await readBalance(receiver)).positions).toEqual([]);
    for (const side of sides) {
      expect(await recordedLeg(side.object, submitted.id)).toMatchObject({ state: "void" });
    }
  });
});

describe("a transfer that is undecided", () => {
  it("is shown as held and incoming, in an answer that is not in doubt", async () => {
    const { sender, receiver } = await inFlight("preparing");
    const [debited, credited] = [await readBalance(sender), await readBalance(receiver)];
    expect(debited.positions).toEqual([usd(100, 40)]);
    expect(credited.positions).toEqual([usd(0, 0, 40)]);
    expect(debited).not.toHaveProperty("inFlight");
    expect((await readHistory(sender)).entries).toHaveLength(1);
    expect(await readHistory(receiver)).toMatchObject({ entries: [], nextBefore: null });
  });
});

describe("where the outcome cannot be found out", () => {
  it("a read says how many legs are in flight, and shows them as held", async () => {
    const { sender, submitted } = await inFlight("committed");
    const repair = await hideTable(logObject(submitted.id), "transactions");
    expect(await readBalance(sender)).toMatchObject({ positions: [usd(100, 40)], inFlight: 1 });
    expect(await readHistory(sender)).toMatchObject({ entries: [{ sequence: 1 }], inFlight: 1 });
    await repair();
    expect(await readBalance(sender)).toMatchObject({ positions: [usd(60)] });
  });

  it("a read of a leg that no log knows is in flight, and lets nothing go", async () => {
    const { sender, sides, submitted } = await inFlight("unknown");
    expect(await readBalance(sender)).toMatchObject({ positions: [usd(100, 40)], inFlight: 1 });
    expect(await recordedLeg(sides[0].object, submitted.id)).toMatchObject({ state: "held" });
  });

  it("shows what could be found out all the same", async () => {
    const { sender } = await inFlight("unknown");
    const known = submission(transfer(sender, await openWallet(), 10));
    for (const side of sidesOf(known)) await side.hold();
    await recordTransaction(known, { state: "committed" });
    expect(await readBalance(sender)).toMatchObject({ positions: [usd(90, 40)], inFlight: 1 });
  });

  it("a page behind a cursor is not in doubt: it shows the past", async () => {
    const { sender } = await inFlight("unknown");
    const page = await readHistory(sender, { before: 2 });
    expect(page.entries).toHaveLength(1);
    expect(page).not.toHaveProperty("inFlight");
  });
});

describe("a read that asks", () => {
  const network = useFaultyNetwork();

  it("does not show what is posted meanwhile: it answers what it has captured", async () => {
    const { sender } = await inFlight("preparing");
    const { met, letGo } = network.next("ask", "delay", sender);
    const reading = readBalance(sender);
    await met();
    expect(outcomeOf(await submit(submission(funding(sender, 7))))).toBe("committed");
    letGo();
    const answer = await reading;
    expect(answer).toMatchObject({ positions: [usd(100, 40)], head: { sequence: 1 } });
    expect(answer).not.toHaveProperty("inFlight");
    expect((await readBalance(sender)).positions).toEqual([usd(107, 40)]);
  });

  it("and learns of a commit captures again, and shows what was posted meanwhile", async () => {
    const { sender } = await inFlight("committed");
    const { met, letGo, count } = network.next("ask", "delay", sender);
    const reading = readBalance(sender);
    await met();
    expect(outcomeOf(await submit(submission(funding(sender, 7))))).toBe("committed");
    letGo();
    const answer = await reading;
    expect(answer).toMatchObject({ positions: [usd(67)], head: { sequence: 3 } });
    expect(answer).not.toHaveProperty("inFlight");
    expect(count().attempts).toBe(1);
  });

  it("in vain captures four times at most", async () => {
    const { sender } = await inFlight("unknown");
    const { count } = network.next("ask", "duplicate", sender);
    expect(await readBalance(sender)).toMatchObject({ inFlight: 1 });
    expect(count().attempts).toBe(4);
  });
});
