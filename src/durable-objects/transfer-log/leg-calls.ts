// The calls of the two phases: in each, the same call to every account of the transaction; in
// parallel, but for accounts with claims. A failed call is neither a vote nor an acknowledgement.
import { addressOf, type Leg, type Submission } from "../../domain/protocol/transaction.ts";
import { holdOrder } from "../../domain/protocol/hold-order.ts";
import { otherVotesMaxMs } from "../../domain/limits.ts";
import type { Vote } from "../../domain/protocol/vote.ts";
import type { SagaCall, Votes } from "../../domain/protocol/saga.ts";
import type { Clock } from "../../platform/clock.ts";
import { describeError, type Log } from "../../platform/log.ts";
import type { AccountApi, Acknowledgement, LegCall } from "../account/contract.ts";
import { versionToSay } from "../rpc/contract.ts";
import type { Accounts } from "../rpc/stubs.ts";
import { decisionTimeOf, type StoredTransaction } from "./rows.ts";

export interface LegCallParts {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the saga goes by, and what else the accounts tell. In the order of the legs, undefined
 *  where a call failed. */
export type LegReplies =
  | { readonly to: "hold"; readonly votes: Votes }
  | {
      readonly to: "post" | "release";
      readonly settling: readonly (Acknowledgement | undefined)[];
    };

interface CalledLeg {
  readonly account: AccountApi;
  readonly about: LegCall;
}

/** The calls of one attempt. What an account is told of its leg is the same in both phases. */
export class LegCalls {
  readonly #parts: LegCallParts;
  readonly #legs: readonly CalledLeg[];
  /** As `holdOrder` says. */
  readonly #order: readonly (readonly CalledLeg[])[];

  /** `legs`: of the transaction. */
  constructor(
    transaction: Submission,
    legs: readonly Leg[],
    requestId: string,
    parts: LegCallParts,
  ) {
    const { tenant } = transaction;
    this.#parts = parts;
    this.#legs = legs.map(({ account, posting }) => {
      const address = addressOf(transaction, account);
      const protocol = versionToSay(posting);
      const about = { protocol, requestId, tenant, account: address.id, posting };
      return { account: parts.accounts(tenant, address), about };
    });
    const called = (place: number) => this.#legs[place] ?? [];
    this.#order = holdOrder(legs).map((places) => places.flatMap(called));
  }

  /** Phase one. Returns when all accounts have answered that are asked, or 1 s after a first NO:
   *  then the others' votes can no longer change the outcome, only which refusal is reported. */
  hold(): Promise<LegReplies> {
    return new Promise((resolve) => {
      const votes = new Map<CalledLeg, Vote>();
      let stopWaiting: (() => void) | undefined;
      let isOver = false;
      const finish = () => {
        isOver = true;
        stopWaiting?.();
        resolve({ to: "hold", votes: this.#legs.map((leg) => votes.get(leg)) });
      };
      const ask = async (legs: readonly CalledLeg[]) => {
        for (const leg of legs) {
          const vote = await this.#call(leg, ({ account, about }) => account.hold(about));
          if (vote) votes.set(leg, vote);
          if (vote?.vote === "no") {
            stopWaiting ??= this.#parts.clock.after(otherVotesMaxMs, finish);
          }
          if (vote?.vote !== "yes" || isOver) return;
        }
      };
      void Promise.all(this.#order.map(ask)).then(finish);
    });
  }

  /** Phase two: posts or releases every leg, also those that are settled already. `row`: as it is
   *  now. */
  async settle(
    to: Exclude<SagaCall, "hold">,
    row: Pick<StoredTransaction, "decidedAt">,
  ): Promise<LegReplies> {
    const decidedAt = to === "post" ? decisionTimeOf(row) : undefined;
    const call = ({ account, about }: CalledLeg) =>
      decidedAt === undefined ? account.release(about) : account.post({ ...about, decidedAt });
    const settling = this.#legs.map((leg) => this.#call(leg, call));
    return { to, settling: await Promise.all(settling) };
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
