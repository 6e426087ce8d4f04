// Guarantee: an account that cannot ask what was decided does not guess. It gives no vote, writes
// nothing and says of a read that it is not certain; as soon as it can ask, it does what was decided.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { readPassesMax } from "../../../src/domain/limits.ts";
import type { SagaState } from "../../../src/domain/protocol/saga.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { costOf, errorFaults, faults } from "../../support/faulty-stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { contentsOf } from "../../support/objects.ts";
import { expectFirstAnswer, expectOneEffect } from "../../support/one-effect.ts";

const network = useFaultyNetwork();

/** Both legs held, the transaction in the given state, and not being driven. */
async function abandon(submitted: ReturnType<typeof submission>, state: SagaState) {
  for (const side of sidesOf(submitted)) expect(await side.hold()).toMatchObject({ vote: "yes" });
  const refusal = state === "rejected" && ({ code: "transaction_expired" } as const);
  await recordTransaction(submitted, { state, ...(refusal && { refusal }) });
  return submitted;
}

/** Each needs to know what became of an abandoned transaction before it can be decided: `asker` is
 *  the account that asks, `outcome` what must come of it. */
const contests = {
  "money that a committed transfer brings": async () => {
    const [sender, middle, receiver] = await Promise.all([
      fundedWallet(100),
      openWallet(),
      openWallet(),
    ]);
    await abandon(submission(transfer(sender, middle, 100)), "committed");
    const submitted = submission(transfer(middle, receiver, 100));
    return { submitted, asker: middle, outcome: "committed" };
  },
  "money that a rejected transfer holds": async () => {
    const [sender, other, receiver] = await Promise.all([
      fundedWallet(100),
      openWallet(),
      openWallet(),
    ]);
    await abandon(submission(transfer(sender, other, 100)), "rejected");
    const submitted = submission(transfer(sender, receiver, 100));
    return { submitted, asker: sender, outcome: "committed" };
  },
  "a reference that a rejected funding claims": async () => {
    const [first, wallet, reference] = [await openWallet(), await openWallet(), newKey()];
    await abandon(submission(funding(first, 5, reference)), "rejected");
    const submitted = submission(funding(wallet, 5, reference));
    return { submitted, asker: sidesOf(submitted)[0].call.account, outcome: "committed" };
  },
  "a reference that a committed funding claims": async () => {
    const [first, wallet, reference] = [await openWallet(), await openWallet(), newKey()];
    await abandon(submission(funding(first, 5, reference)), "committed");
    const submitted = submission(funding(wallet, 5, reference));
    const asker = sidesOf(submitted)[0].call.account;
    return { submitted, asker, outcome: "duplicate_payment_reference" };
  },
};

describe.each(faults)("a question that meets %s", (fault) => {
  it.each(Object.entries(contests))("is asked until it is answered: %s", async (_, contest) => {
    const { submitted, asker, outcome } = await contest();
    const { met, letGo, count } = network.next("ask", fault, asker);
    const answer = submit(submitted);
    await met();
    letGo();
    expectFirstAnswer(await answer, outcome);
    // After an error the hold is BUSY, and the next one asks again.
    expect(count()).toEqual(costOf(fault));
    await expectOneEffect(submitted, outcome);
  });

  it("does not keep a read from the truth", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    await abandon(submission(transfer(sender, receiver, 40)), "committed");
    const { met, letGo } = network.next("ask", fault, receiver);
    const reading = readBalance(receiver);
    await met();
    letGo();
    const { positions, inFlight } = await reading;
    expect(positions).toMatchObject([{ balance: 40, available: 40, incoming: 0 }]);
    expect(inFlight).toBeUndefined();
  });
});

describe.each(errorFaults)("while no question gets through: %s", (fault) => {
  it.each(Object.entries(contests))(
    "there is no vote and no trace of one: %s",
    async (_, contest) => {
      const { submitted, asker, outcome } = await contest();
      const sides = sidesOf(submitted);
      const side = sides.find(({ call: about }) => about.account === asker) ?? sides[0];
      network.every("ask", fault, asker);
      const before = await contentsOf(side.object);
      for (let round = 0; round < 3; round++) {
        expect(await side.hold()).toEqual({ vote: "busy", reason: "ask_failed" });
      }
      expect(await contentsOf(side.object)).toBe(before);
      network.heal();
      expect(outcomeOf(await submit(submitted))).toBe(outcome);
      await expectOneEffect(submitted, outcome);
    },
  );

  it("a read says what is in flight, after asking a bounded number of times", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = await abandon(submission(transfer(sender, receiver, 40)), "committed");
    const { count } = network.every("ask", fault, receiver);
    const { positions, inFlight } = await readBalance(receiver);
    expect(positions).toMatchObject([{ balance: 0, available: 0, incoming: 40 }]);
    expect(inFlight).toBe(1);
    expect(count().attempts).toBe(readPassesMax);
    const history = { ...call, walletId: receiver, filter: {}, limit: 10 };
    const page = await walletStub(env, tenant, receiver).readHistory(history);
    expect(page).toMatchObject({ ok: true, entries: [], inFlight: 1 });
    const [, credit] = sidesOf(submitted);
    expect(await recordedLeg(credit.object, submitted.id)).toMatchObject({ state: "held" });
  });
});
