// Guarantee: a transaction with claims in two accounts asks the second one only when the first has
// said YES; accounts without claims wait for none of them.
import { describe, expect, it } from "vitest";
import { otherVotesMaxMs } from "../../../src/domain/limits.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { legsOf, linesOf, type Leg } from "../../../src/domain/protocol/transaction.ts";
import { LegCalls, type LegReplies } from "../../../src/durable-objects/transfer-log/leg-calls.ts";
import { submission, transfer } from "../../support/ledger.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { eventsHappen } from "../../support/staged-log.ts";

const [first, second, third] = ["wal_A", "wal_B", "wal_C"] as const;
const submitted = submission(transfer(second, first, 1));
const yes: Vote = { vote: "yes" };
const no: Vote = { vote: "no", refusal: { code: "insufficient_funds" } };
const busy: Vote = { vote: "busy", reason: "claim_undecided" };

/** A round of holds: `second`, the sender, is the first of its legs and the second in order. */
class Round {
  readonly clock = new ManualClock();
  /** The accounts asked, in order. */
  readonly asked: string[] = [];
  readonly replies: Promise<LegReplies>;
  readonly #answers = new Map<string, (vote: Vote | Error) => void>();

  constructor(claims: readonly string[]) {
    const calls = new LegCalls(submitted, legsWithClaims(claims), "test", {
      accounts: (_tenant, { id }) => ({ hold: () => this.#ask(id) }) as never,
      clock: this.clock,
      log: () => undefined,
    });
    this.replies = calls.hold();
  }

  #ask(account: string): Promise<Vote> {
    this.asked.push(account);
    const { promise, resolve, reject } = Promise.withResolvers<Vote>();
    const answer = (vote: Vote | Error) => (vote instanceof Error ? reject(vote) : resolve(vote));
    this.#answers.set(account, answer);
    return promise;
  }

  async answer(account: string, vote: Vote | Error): Promise<void> {
    this.#answers.get(account)?.(vote);
    await eventsHappen();
  }
}

/** The two legs of a transfer, and a third; those named in `claims` claim something. */
function legsWithClaims(claims: readonly string[]): readonly Leg[] {
  const [debit, credit] = legsOf({ ...submitted, lines: linesOf(submitted.request) });
  if (!debit || !credit) throw new Error("a transfer has two legs");
  const claim = { key: "origin:txn_A", amount: 1, refusal: "insufficient_funds" } as const;
  return [debit, credit, { ...credit, account: third }].map(({ account, posting }) => ({
    account,
    posting: { ...posting, claims: claims.includes(account) ? [claim] : [] },
  }));
}

describe("an account with claims", () => {
  it("is asked at once with all the others where it is the only one", async () => {
    for (const claims of [[], [first], [third]]) {
      expect(new Round(claims).asked).toEqual([second, first, third]);
    }
  });

  it("is asked after a YES of the one before it", async () => {
    const round = new Round([first, second]);
    expect(round.asked).toEqual([first, third]);
    await round.answer(third, yes);
    expect(round.asked).toEqual([first, third]);
    await round.answer(first, yes);
    expect(round.asked).toEqual([first, third, second]);
    await round.answer(second, yes);
    expect(await round.replies).toEqual({ to: "hold", votes: [yes, yes, yes] });
  });

  it.each([
    ["BUSY", busy, busy],
    ["NO", no, no],
    ["a failed call", new Error("no answer"), undefined],
  ] as const)("is not asked after %s of the one before it", async (_case, answer, vote) => {
    const round = new Round([first, second]);
    await round.answer(third, yes);
    await round.answer(first, answer);
    expect(round.asked).toEqual([first, third]);
    expect(await round.replies).toEqual({ to: "hold", votes: [undefined, vote, yes] });
  });

  it("is not asked any more when the round is over", async () => {
    const round = new Round([first, second]);
    await round.answer(third, no);
    round.clock.pass(otherVotesMaxMs);
    expect(await round.replies).toEqual({ to: "hold", votes: [undefined, undefined, no] });
    await round.answer(first, yes);
    expect(round.asked).toEqual([first, third]);
  });
});
