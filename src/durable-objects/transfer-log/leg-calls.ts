// The calls of the two phases: in each, the same call to every account of the transaction, in
// parallel. A failed call is neither a vote nor an acknowledgement.
import { addressOf, legsOf } from "../../domain/protocol/transaction.ts";
import { otherVotesMaxMs } from "../../domain/limits.ts";
import type { Vote } from "../../domain/protocol/vote.ts";
import type { SagaCall, Votes } from "../../domain/protocol/saga.ts";
import type { Clock } from "../../platform/clock.ts";
import { describeError, type Log } from "../../platform/log.ts";
import type { AccountApi, Acknowledgement, LegCall } from "../account/contract.ts";
import { protocolVersion } from "../rpc/contract.ts";
import type { Accounts } from "../rpc/stubs.ts";
import { decisionTimeOf, type StoredTransaction } from "./store.ts";

export interface LegCallParts {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Log;
}

/** The answers in the order of the legs; undefined where a call failed. */
export type Acknowledgements = readonly (Acknowledgement | undefined)[];

/** What the saga goes by, and what else the accounts tell. */
export type LegReplies =
  | { readonly to: "hold"; readonly votes: Votes }
  | { readonly to: "post" | "release"; readonly settling: Acknowledgements };

interface CalledLeg {
  readonly account: AccountApi;
  readonly about: LegCall;
}

/** The calls of one attempt. What an account is told of its leg is the same in both phases. */
export class LegCalls {
  readonly #parts: LegCallParts;
  readonly #legs: readonly CalledLeg[];

  constructor(transaction: StoredTransaction, requestId: string, parts: LegCallParts) {
    const { tenant } = transaction;
    this.#parts = parts;
    this.#legs = legsOf(transaction).map(({ account, posting }) => {
      const address = addressOf(transaction, account);
      const about = { protocol: protocolVersion, requestId, tenant, account: address.id, posting };
      return { account: parts.accounts(tenant, address), about };
    });
  }

  /** `transaction`: as its row is now. */
  async make(call: SagaCall, transaction: StoredTransaction): Promise<LegReplies> {
    switch (call) {
      case "hold":
        return { to: call, votes: await this.#requestHolds() };
      case "post": {
        const decidedAt = decisionTimeOf(transaction);
        const settling = this.#settle((leg) => leg.account.post({ ...leg.about, decidedAt }));
        return { to: call, settling: await settling };
      }
      case "release": {
        const settling = this.#settle((leg) => leg.account.release(leg.about));
        return { to: call, settling: await settling };
      }
    }
  }

  /** Phase one. Returns when all accounts have answered, or 1 s after a first NO: then the others'
   *  votes can no longer change the outcome, only which refusal is reported. */
  #requestHolds(): Promise<Votes> {
    return new Promise((resolve) => {
      const votes: (Vote | undefined)[] = this.#legs.map(() => undefined);
      let unanswered = votes.length;
      let stopWaiting: (() => void) | undefined;
      const finish = () => {
        stopWaiting?.();
        resolve([...votes]);
      };
      this.#legs.forEach((leg, index) => {
        const asking = this.#call(leg, ({ account, about }) => account.hold(about));
        void asking.then((vote) => {
          votes[index] = vote;
          unanswered -= 1;
          if (unanswered === 0) finish();
          else if (vote?.vote === "no")
            stopWaiting ??= this.#parts.clock.after(otherVotesMaxMs, finish);
        });
      });
    });
  }

  /** Phase two: posts or releases every leg, also those that are settled already. */
  #settle(call: (leg: CalledLeg) => Promise<Acknowledgement>): Promise<Acknowledgements> {
    return Promise.all(this.#legs.map((leg) => this.#call(leg, call)));
  }

  async #call<Answer>(
    leg: CalledLeg,
    call: (leg: CalledLeg) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    try {
      return await call(leg);
    } catch (error) {
      const { requestId, account: target } = leg.about;
      const detail = describeError(error);
      this.#parts.log("warn", { event: "call_failed", requestId, target, detail });
      return undefined;
    }
  }
}
