// One phase of a transaction: the same call to every account it has a leg in, in parallel. A call
// that fails brings no vote and no acknowledgement; it never counts as an answer.
import { addressOf, postingOf, type Leg } from "../domain/transaction.ts";
import { otherVotesMaxMs } from "../domain/limits.ts";
import type { Vote } from "../domain/leg.ts";
import type { Votes } from "../domain/saga.ts";
import type { Clock } from "../platform/clock.ts";
import { describeError, type Log } from "../platform/log.ts";
import {
  protocolVersion,
  type AccountApi,
  type Acknowledgement,
  type LegCall,
} from "./contract.ts";
import type { Accounts } from "./stubs.ts";
import type { StoredTransaction } from "./transfer-log-store.ts";

export interface LegCallParts {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Log;
}

/** The answers in the order of the legs; undefined where a call failed. */
export type Acknowledgements = readonly (Acknowledgement | undefined)[];

async function callAccount<Answer>(
  transaction: StoredTransaction,
  leg: Leg,
  requestId: string,
  parts: LegCallParts,
  call: (account: AccountApi, about: LegCall) => Promise<Answer>,
): Promise<Answer | undefined> {
  const { tenant } = transaction;
  const address = addressOf(transaction, leg);
  const posting = postingOf(transaction, leg);
  const about = { protocol: protocolVersion, requestId, tenant, account: address.id, posting };
  try {
    return await call(parts.accounts(tenant, address), about);
  } catch (error) {
    const detail = describeError(error);
    parts.log("warn", { event: "call_failed", requestId, target: address.id, detail });
    return undefined;
  }
}

/** Phase one. Returns when all accounts have answered, or 1 s after a first NO: then the others'
 *  votes can no longer change the outcome, only which refusal is reported. */
export function requestHolds(
  transaction: StoredTransaction,
  requestId: string,
  parts: LegCallParts,
): Promise<Votes> {
  const { legs } = transaction;
  return new Promise((resolve) => {
    const votes: (Vote | undefined)[] = legs.map(() => undefined);
    let unanswered = legs.length;
    let stopWaiting: (() => void) | undefined;
    const finish = () => {
      stopWaiting?.();
      resolve([...votes]);
    };
    legs.forEach((leg, index) => {
      const asking = callAccount(transaction, leg, requestId, parts, (account, about) =>
        account.hold(about),
      );
      void asking.then((vote) => {
        votes[index] = vote;
        unanswered -= 1;
        if (unanswered === 0) finish();
        else if (vote?.vote === "no") stopWaiting ??= parts.clock.after(otherVotesMaxMs, finish);
      });
    });
  });
}

/** Phase two: posts or releases every leg, also those that are settled already: both are known. */
export function settleLegs(
  transaction: StoredTransaction,
  phase: "post" | "release",
  requestId: string,
  parts: LegCallParts,
): Promise<Acknowledgements> {
  return Promise.all(
    transaction.legs.map((leg) =>
      callAccount(transaction, leg, requestId, parts, (account, about) => account[phase](about)),
    ),
  );
}
