// Guarantee: when every object loses its memory in the middle of the work, at any moment, the same
// keys bring the same answers, nothing is lost or doubled, and nothing stays held.
import { abortAllDurableObjects, evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { balanceOf, fundedWallet, readBalance } from "../../support/wallets.ts";
import { failureOf } from "../../support/objects.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";

/** Repeats a submission, as a client does, until it has its answer. */
async function insist(submitted: Submission): Promise<string> {
  for (;;) {
    let outcome = "pending";
    await failureOf(async () => {
      outcome = outcomeOf(await submit(submitted));
    });
    if (outcome !== "pending") return outcome;
  }
}

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

const crashes = { aborted: abortAllDurableObjects, evicted: evictAllDurableObjects };

describe.each(Object.entries(crashes))("every object %s in the middle of the work", (_, crash) => {
  it("loses, doubles and holds back nothing", { timeout: 60_000 }, async () => {
    const wallets = await Promise.all([300, 300, 300].map((amount) => fundedWallet(amount)));
    const answers = new Map<Submission, string>();
    for (let round = 0; round < 10; round++) {
      const submissions = wallets.map((from, index) =>
        submission(transfer(from, wallets[(index + 1) % wallets.length] ?? "", 10 + round)),
      );
      const first = submissions.map((one) => failureOf(async () => submit(one)));
      // A little later into the work in each round: calls to the objects take their turn between.
      for (let turn = 0; turn < round; turn++)
        await failureOf(async () => balanceOf(wallets[0] ?? ""));
      await crash();
      await Promise.all(first);
      for (const one of submissions) answers.set(one, await insist(one));
    }
    await crash();
    for (const [submitted, answer] of answers) {
      expect(answer).toBe("committed");
      expect(await insist(submitted)).toBe(answer);
      for (const side of sidesOf(submitted)) {
        expect(await recordedLeg(side.object, submitted.id)).toEqual({
          state: "posted",
          legs: 1,
          entries: 1,
        });
      }
    }
    const balances = await Promise.all(wallets.map(balanceOf));
    expect(balances).toEqual([300, 300, 300]);
    expect(sumOf(balances)).toBe(900);
    for (const wallet of wallets) {
      const { positions } = await readBalance(wallet);
      expect(positions).toMatchObject([{ held: 0, incoming: 0 }]);
    }
  });
});
