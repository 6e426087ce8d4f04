// Guarantee: whatever happens to a hold on its way, an error is never taken for a vote: the hold is
// asked for again until there is one, is placed once, and the client gets the right answer.
import { afterEach, describe, expect, it, vi } from "vitest";
import { preparingMaxMs } from "../../../src/domain/limits.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { costOf, errorFaults, faults } from "../../support/faulty-stubs.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { balanceOf, committable, fundedWallet, openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { contentsOf } from "../../support/objects.ts";
import { expectFirstAnswer, expectOneEffect } from "../../support/one-effect.ts";

const network = useFaultyNetwork();

afterEach(() => {
  vi.useRealTimers();
});

const sides = { sender: 0, receiver: 1 } as const;

const accountOf = (submitted: Submission, side: 0 | 1) => sidesOf(submitted)[side].call.account;

describe.each(faults)("a hold that meets %s", (fault) => {
  for (const [type, make] of Object.entries(committable)) {
    for (const [name, side] of Object.entries(sides)) {
      it(`is placed once, and the ${type} commits: ${name}`, async () => {
        const submitted = await make();
        const account = accountOf(submitted, side);
        const { met, letGo, deliverAgain, count } = network.next("hold", fault, account);
        const answer = submit(submitted);
        await met();
        letGo();
        expectFirstAnswer(await answer, "committed");
        expect(count()).toEqual(costOf(fault));
        await expectOneEffect(submitted, "committed");
        const { object } = sidesOf(submitted)[side];
        const contents = await contentsOf(object);
        expect(await deliverAgain()).toMatchObject({ vote: "yes" });
        expect(await contentsOf(object)).toBe(contents);
      });
    }
  }
});

describe("holds that fail for as long as the client waits", () => {
  it("decide nothing, are not hammered, and commit after all", async () => {
    const submitted = await Promise.all(errorFaults.map(() => committable.transfer()));
    const meetings = submitted.map((one, index) =>
      network.every("hold", errorFaults[index] ?? "broken", accountOf(one, 1)),
    );
    const answers = await Promise.all(submitted.map(submit));
    for (const answer of answers) {
      expect(answer).toMatchObject({ outcome: "pending", transaction: { state: "preparing" } });
    }
    for (const { count } of meetings) {
      // 100 ms, doubling: rounds 0, 100, 300, 700, 1500 and 3100 ms after the first.
      expect(count().attempts).toBeLessThanOrEqual(6);
      expect(count().attempts).toBeGreaterThanOrEqual(3);
    }
    network.heal();
    expect((await Promise.all(submitted.map(submit))).map(outcomeOf)).toEqual(
      errorFaults.map(() => "committed"),
    );
    for (const one of submitted) await expectOneEffect(one, "committed");
  });

  it.each(errorFaults)("until the deadline: the transaction expires, %s", async (fault) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const submitted = await committable.transfer();
    const [sender, receiver] = sidesOf(submitted);
    const { met } = network.every("hold", fault, receiver.call.account);
    const answer = submit(submitted);
    await met();
    vi.setSystemTime(Date.now() + preparingMaxMs);
    expect(outcomeOf(await submit(submitted))).toBe("transaction_expired");
    expectFirstAnswer(await answer, "transaction_expired");
    network.heal();
    await expectOneEffect(submitted, "transaction_expired");
    expect(await balanceOf(sender.call.account)).toBe(100);
    expect(await balanceOf(receiver.call.account)).toBe(0);
  });
});

describe("a hold that is refused", () => {
  it.each(faults)("is refused with the account's NO, never with an error's: %s", async (fault) => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    const { met, letGo, count } = network.next("hold", fault, sender);
    const answer = submit(submitted);
    await met();
    letGo();
    expectFirstAnswer(await answer, "insufficient_funds");
    expect(count()).toEqual(costOf(fault));
    await expectOneEffect(submitted, "insufficient_funds");
  });
});

describe("a hold that arrives after its transaction was rejected", () => {
  it("keeps no money", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    const late = network.next("hold", "drop_before", receiver);
    expectFirstAnswer(await submit(submitted), "insufficient_funds");
    await late.met();
    const refusal = { code: "transaction_expired" };
    expect(await late.deliverAgain()).toEqual({ vote: "no", refusal });
    await expectOneEffect(submitted, "insufficient_funds");
  });
});
