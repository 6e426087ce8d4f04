// What must hold at the end of every disturbed transaction: each side has the leg once and, when it
// was committed, one entry; nothing is held; and the answer stays what it is.
import { expect } from "vitest";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import type { SubmitResult } from "../../src/durable-objects/transfer-log/contract.ts";
import { outcomeOf, submit } from "./ledger.ts";
import { recordedLeg, sidesOf } from "./legs.ts";
import { runSql } from "./objects.ts";

/** Also repeats the submission: its answer must be the settled one, and move nothing. */
export async function expectOneEffect(submitted: Submission, outcome: string): Promise<void> {
  const answer = await submit(submitted);
  expect(answer).toMatchObject({ outcome: "settled", replayed: true });
  expect(outcomeOf(answer)).toBe(outcome);
  const posted = outcome === "committed";
  const leg = { state: posted ? "posted" : "void", legs: 1, entries: posted ? 1 : 0 };
  for (const side of sidesOf(submitted)) {
    expect(await recordedLeg(side.object, submitted.id)).toEqual(leg);
    const held = "SELECT transaction_id FROM legs WHERE open = 1 AND transaction_id = ?";
    expect(await runSql(side.object, held, submitted.id)).toEqual([]);
  }
  expect(await submit(submitted)).toEqual(answer);
}

/** A settled answer that is not a replay's: the client that sent it first got it. */
export function expectFirstAnswer(answer: SubmitResult, outcome: string): void {
  expect(answer).toMatchObject({ outcome: "settled", replayed: false });
  expect(outcomeOf(answer)).toBe(outcome);
}
