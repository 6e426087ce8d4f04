// Guarantee: what was rejected leaves nothing held, whatever happens to the releases on their way,
// and the client gets the refusal that was decided, not one that an error made up.
import { describe, expect, it } from "vitest";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { costOf, errorFaults, faults, type Fault } from "../../support/faulty-stubs.ts";
import { newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { contentsOf } from "../../support/objects.ts";
import { expectFirstAnswer, expectOneEffect } from "../../support/one-effect.ts";

const network = useFaultyNetwork();

/** Each is refused by one side, while the other one holds its leg until it is released. */
const refused = {
  insufficient_funds: async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    return submission(transfer(sender, receiver, 40));
  },
  duplicate_payment_reference: async () => {
    const wallet = await openWallet();
    const reference = newKey();
    await submit(submission(funding(wallet, 40, reference)));
    return submission(funding(wallet, 40, reference));
  },
};
type Code = keyof typeof refused;

async function expectReleased(code: Code, fault: Fault, side: 0 | 1): Promise<void> {
  const submitted = await refused[code]();
  const { object, call } = sidesOf(submitted)[side];
  const { met, letGo, deliverAgain, count } = network.next("release", fault, call.account);
  const answer = submit(submitted);
  await met();
  letGo();
  expectFirstAnswer(await answer, code);
  expect(count()).toEqual(costOf(fault));
  await expectOneEffect(submitted, code);
  const contents = await contentsOf(object);
  expect(await deliverAgain()).toEqual({ acknowledged: true });
  expect(await contentsOf(object)).toBe(contents);
}

describe.each(faults)("a release that meets %s", (fault) => {
  it("leaves a void, on whichever side", async () => {
    expect.hasAssertions();
    await Promise.all([
      expectReleased("insufficient_funds", fault, 0),
      expectReleased("insufficient_funds", fault, 1),
      expectReleased("duplicate_payment_reference", fault, 0),
      expectReleased("duplicate_payment_reference", fault, 1),
    ]);
  });
});

describe("releases that keep failing", () => {
  it.each(errorFaults)("let a read show nothing incoming, and end: %s", async (fault) => {
    const submitted = await refused.insufficient_funds();
    const [, receiver] = sidesOf(submitted);
    const { met } = network.every("release", fault, receiver.call.account);
    const answer = submit(submitted);
    await met();
    expect((await readBalance(receiver.call.account)).positions).toEqual([]);
    network.heal();
    expectFirstAnswer(await answer, "insufficient_funds");
    await expectOneEffect(submitted, "insufficient_funds");
  });

  it("free the money at once for the next transfer", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const unopened = `${receiver.slice(0, -4)}0000`;
    const submitted = submission(transfer(sender, unopened, 100));
    const { met } = network.every("release", "drop_before", sender);
    const answer = submit(submitted);
    await met();
    const [debit] = sidesOf(submitted);
    expect(await recordedLeg(debit.object, submitted.id)).toMatchObject({ state: "held" });
    const next = submission(transfer(sender, receiver, 100));
    expect(outcomeOf(await submit(next))).toBe("committed");
    network.heal();
    expectFirstAnswer(await answer, "wallet_not_found");
    await expectOneEffect(next, "committed");
  });
});
