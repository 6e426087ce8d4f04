// Guarantee: a transaction that a crash interrupted between any two steps is finished by the alarm
// alone, and by the client's replay alone, with the same effect and the same answer.
import { evictAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { SagaState } from "../../../src/domain/protocol/saga.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { balanceOf, fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { nextAttemptInMs, recordTransaction } from "../../support/log-rows.ts";

useFakeDate();

/** The accounts that were reached before the crash, by position among the legs. */
const reached = { neither: [], "the sender": [0], "the receiver": [1], both: [0, 1] } as const;

/** Before the crash: the holds that had been placed; or, after a decision, who had learned it. */
async function crash(submitted: Submission, state: SagaState, who: readonly number[]) {
  const sides = sidesOf(submitted);
  for (const [index, side] of sides.entries()) {
    if (state !== "preparing" || who.includes(index)) await side.hold();
  }
  for (const index of who) {
    if (state === "committed") await sides[index]?.post();
    if (state === "rejected") await sides[index]?.release();
  }
  const refusal = state === "rejected" && ({ code: "transaction_expired" } as const);
  await recordTransaction(submitted, { state, ...(refusal && { refusal }) });
  await evictAllDurableObjects();
}

const recoveries = {
  "the alarm alone": async (submitted: Submission) => {
    vi.setSystemTime(Date.now() + nextAttemptInMs + 1);
    expect(await runDurableObjectAlarm(logObject(submitted.id))).toBe(true);
  },
  "the client's replay alone": async (submitted: Submission) => {
    expect(await submit(submitted)).toMatchObject({ outcome: "settled", replayed: true });
  },
};

async function expectFinished(submitted: Submission, state: SagaState): Promise<void> {
  const leg = state === "rejected" ? "void" : "posted";
  for (const side of sidesOf(submitted)) {
    expect(await recordedLeg(side.object, submitted.id)).toEqual({
      state: leg,
      legs: 1,
      entries: leg === "posted" ? 1 : 0,
    });
  }
  const answer = await submit(submitted);
  expect(answer).toMatchObject({ outcome: "settled", replayed: true });
  expect(outcomeOf(answer)).toBe(state === "rejected" ? "transaction_expired" : "committed");
  expect(await submit(submitted)).toEqual(answer);
}

for (const [recovery, recover] of Object.entries(recoveries)) {
  for (const state of ["preparing", "committed", "rejected"] as const) {
    for (const [name, who] of Object.entries(reached)) {
      const moved = state === "rejected" ? 0 : 40;

      describe(`a crash while ${state}, when ${name} had been reached, is repaired`, () => {
        it(`by ${recovery}: transfer`, async () => {
          const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
          const submitted = submission(transfer(sender, receiver, 40));
          await crash(submitted, state, who);
          await recover(submitted);
          await expectFinished(submitted, state);
          expect(await balanceOf(sender)).toBe(100 - moved);
          expect(await balanceOf(receiver)).toBe(moved);
        });

        it(`by ${recovery}: funding`, async () => {
          const wallet = await openWallet();
          const reference = crypto.randomUUID();
          const submitted = submission(funding(wallet, 40, reference));
          await crash(submitted, state, who);
          await recover(submitted);
          await expectFinished(submitted, state);
          expect(await balanceOf(wallet)).toBe(moved);
          const again = await submit(submission(funding(wallet, 40, reference)));
          const expected = state === "rejected" ? "committed" : "duplicate_payment_reference";
          expect(outcomeOf(again)).toBe(expected);
        });
      });
    }
  }
}

describe("the two ways of recovery", () => {
  it("do no harm at the same time", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    await crash(submitted, "preparing", [0]);
    vi.setSystemTime(Date.now() + nextAttemptInMs + 1);
    const [, ...answers] = await Promise.all([
      runDurableObjectAlarm(logObject(submitted.id)),
      ...Array.from({ length: 5 }, () => submit(submitted)),
    ]);
    expect(answers.map(outcomeOf)).toEqual(Array(5).fill("committed"));
    await expectFinished(submitted, "committed");
    expect(await balanceOf(receiver)).toBe(40);
  });

  it("refuse what the accounts refuse: recovery is no way around a NO", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    await recordTransaction(submitted);
    vi.setSystemTime(Date.now() + nextAttemptInMs + 1);
    await runDurableObjectAlarm(logObject(submitted.id));
    expect(outcomeOf(await submit(submitted))).toBe("insufficient_funds");
    expect(await balanceOf(sender)).toBe(10);
  });
});
