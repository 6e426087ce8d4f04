// Guarantee: what was committed is posted on every account, once, whatever happens to the calls on
// their way; the client waits for that and is told so, and no read shows half of it before.
import { describe, expect, it } from "vitest";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { costOf, errorFaults, faults, type Fault } from "../../support/faulty-stubs.ts";
import { outcomeOf, submission, submit } from "../../support/ledger.ts";
import { balanceOf, committable } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { contentsOf } from "../../support/objects.ts";
import { expectFirstAnswer, expectOneEffect } from "../../support/one-effect.ts";

const network = useFaultyNetwork();

async function expectPostedOnce(
  make: () => Promise<ReturnType<typeof submission>>,
  fault: Fault,
  side: 0 | 1,
): Promise<void> {
  const submitted = await make();
  const { object, call } = sidesOf(submitted)[side];
  const { met, letGo, deliverAgain, count } = network.next("post", fault, call.account);
  const answer = submit(submitted);
  await met();
  letGo();
  expectFirstAnswer(await answer, "committed");
  expect(count()).toEqual(costOf(fault));
  await expectOneEffect(submitted, "committed");
  const contents = await contentsOf(object);
  expect(await deliverAgain()).toMatchObject({ acknowledged: true });
  expect(await contentsOf(object)).toBe(contents);
}

describe.each(faults)("a post that meets %s", (fault) => {
  it("posts once, on whichever side", async () => {
    expect.hasAssertions();
    await Promise.all([
      expectPostedOnce(committable.transfer, fault, 0),
      expectPostedOnce(committable.transfer, fault, 1),
      expectPostedOnce(committable.funding, fault, 0),
      expectPostedOnce(committable.funding, fault, 1),
    ]);
  });
});

describe("posts that keep failing", () => {
  it.each(errorFaults)("are not answered, but the receiver reads its money: %s", async (fault) => {
    const submitted = await committable.transfer();
    const [sender, receiver] = sidesOf(submitted);
    const sent = network.every("post", fault, sender.call.account);
    const received = network.every("post", fault, receiver.call.account);
    const answer = submit(submitted);
    await Promise.all([sent.met(), received.met()]);
    // Both accounts hold a leg of a committed transfer: each finds that out by asking the log.
    expect(await balanceOf(receiver.call.account)).toBe(40);
    expect(await balanceOf(sender.call.account)).toBe(60);
    network.heal();
    expectFirstAnswer(await answer, "committed");
    await expectOneEffect(submitted, "committed");
  });

  it.each(errorFaults)("on one side never undo the other: %s", async (fault) => {
    const submitted = await committable.transfer();
    const [sender, receiver] = sidesOf(submitted);
    const sent = network.next("post", "duplicate", sender.call.account);
    const lost = network.every("post", fault, receiver.call.account);
    const answer = submit(submitted);
    await Promise.all([sent.met(), lost.met()]);
    const replays = [submit(submitted), submit(submitted)];
    expect(await recordedLeg(sender.object, submitted.id)).toMatchObject({ state: "posted" });
    network.heal();
    expectFirstAnswer(await answer, "committed");
    expect((await Promise.all(replays)).map(outcomeOf)).toEqual(["committed", "committed"]);
    await expectOneEffect(submitted, "committed");
  });
});
