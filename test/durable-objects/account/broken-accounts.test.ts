// Guarantee: an account that cannot be reached decides nothing. A failed call is asked again, never
// taken for a NO; a client that cannot wait is told `pending`, and the same key gets the answer.
import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { answerWaitMaxMs } from "../../../src/domain/limits.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { breakTable } from "../../support/objects.ts";

async function newTransfer(balance: number, amount: number) {
  const [sender, receiver] = await Promise.all([fundedWallet(balance), openWallet()]);
  return { sender, receiver, submitted: submission(transfer(sender, receiver, amount)) };
}

// These wait for the 5 s that a client waits at most: together, not one after the other.
describe.concurrent("an account that stays broken", { timeout: 20_000 }, () => {
  it("in phase one leaves the transaction pending; repaired, the same key commits", async () => {
    const { receiver, submitted } = await newTransfer(100, 40);
    const repair = await breakTable(walletObject(receiver), "INSERT", "legs");
    const startedAt = Date.now();
    expect(outcomeOf(await submit(submitted))).toBe("pending");
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(answerWaitMaxMs - 50);
    const [debit] = sidesOf(submitted);
    expect(await recordedLeg(debit.object, submitted.id)).toMatchObject({ state: "held" });
    await repair();
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    expect(await balanceOf(receiver)).toBe(40);
  });

  it("in phase two leaves the transaction pending, though the sender has posted", async () => {
    const { sender, receiver, submitted } = await newTransfer(100, 40);
    const repair = await breakTable(walletObject(receiver), "INSERT", "entries");
    const result = await submit(submitted);
    expect(result).toMatchObject({ outcome: "pending", transaction: { state: "committed" } });
    expect(await balanceOf(sender)).toBe(60);
    await repair();
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    expect(await balanceOf(receiver)).toBe(40);
    expect(await balanceOf(sender)).toBe(60);
  });

  it("when it should release leaves the refusal pending, and the receiver unharmed", async () => {
    const { receiver, submitted } = await newTransfer(10, 40);
    const repair = await breakTable(walletObject(receiver), "UPDATE", "legs");
    const result = await submit(submitted);
    expect(result).toMatchObject({ outcome: "pending", transaction: { state: "rejected" } });
    await repair();
    await runDurableObjectAlarm(logObject(submitted.id));
    expect(outcomeOf(await submit(submitted))).toBe("insufficient_funds");
    expect(await balanceOf(receiver)).toBe(0);
  });

  it("does not delay a refusal of the other account", async () => {
    const { receiver, submitted } = await newTransfer(10, 40);
    const repair = await breakTable(walletObject(receiver), "INSERT", "legs");
    const result = submit(submitted);
    const { object } = sidesOf(submitted)[0];
    await vi.waitFor(async () =>
      expect(await recordedLeg(object, submitted.id)).toMatchObject({ state: "void" }),
    );
    await repair();
    await result;
    expect(outcomeOf(await submit(submitted))).toBe("insufficient_funds");
  });
});

describe("an account that is broken for a moment", () => {
  it("is asked again by the same submission, which then commits", async () => {
    const { receiver, submitted } = await newTransfer(100, 40);
    const repair = await breakTable(walletObject(receiver), "INSERT", "legs");
    const result = submit(submitted);
    const { object } = sidesOf(submitted)[0];
    await vi.waitFor(async () =>
      expect(await recordedLeg(object, submitted.id)).toMatchObject({ state: "held" }),
    );
    await repair();
    expect(await result).toMatchObject({ outcome: "settled", replayed: false });
    expect(await balanceOf(receiver)).toBe(40);
  });
});
