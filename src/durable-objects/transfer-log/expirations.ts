// Transactions that their log ends by itself once their time is over, unless something else has
// ended them. A job of the shard's alarm.
import { alarmBatchMax } from "../../domain/limits.ts";
import { originKey } from "../../domain/operations/operation.ts";
import {
  addressOf,
  expirationOf,
  legsOf,
  linesOf,
  type Submission,
} from "../../domain/protocol/transaction.ts";
import type { Clock } from "../../platform/clock.ts";
import { describeError, type Log } from "../../platform/log.ts";
import { alarmGuardMs, type AlarmClock, type AlarmJob } from "../alarm-clock.ts";
import { versionToSay } from "../rpc/contract.ts";
import type { Accounts } from "../rpc/stubs.ts";
import { newTransaction } from "./new-transaction.ts";
import type { SagaRunner } from "./runner.ts";
import type { Expiration } from "./rows.ts";
import type { TransferLogStore } from "./store.ts";

/** What the service itself asks for. */
const system = { principal: "system", requestId: "alarm" };

interface ExpirationParts {
  readonly store: TransferLogStore;
  readonly alarm: AlarmClock;
  readonly runner: SagaRunner;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Log;
}

export class Expirations implements AlarmJob {
  readonly name = "expire";
  readonly #parts: ExpirationParts;

  constructor(parts: ExpirationParts) {
    this.#parts = parts;
  }

  dueAt(): number | undefined {
    return this.#parts.store.nextExpirationAt();
  }

  async run(): Promise<void> {
    const { store, alarm, clock } = this.#parts;
    const due = store.dueExpirations(clock.now(), alarmBatchMax);
    if (due.length > 0) await alarm.arm(clock.now() + alarmGuardMs);
    await Promise.all(due.map((one) => this.#end(one)));
  }

  async #end(due: Expiration): Promise<void> {
    const { store, alarm, runner, clock } = this.#parts;
    const origin = store.find(due.id);
    const { at, submission: ending } = (origin && expirationOf(origin)) ?? {};
    // An edited row ends nothing, and nothing before its time.
    const isRight = ending && at !== undefined && at <= clock.now();
    if (!isRight) throw new Error(`nothing is known of the end of ${due.id}`);
    const hasEnd = await this.#hasEnd(due.id, ending);
    const recorded = await alarm.armWith(() => {
      store.deleteExpiration(due.id, due.expiresAt);
      if (hasEnd || store.find(ending.id)) return { result: undefined };
      const result = newTransaction(ending, system, clock.now());
      store.insertPreparing(result);
      return { result, alarmAt: result.nextAttemptAt };
    });
    if (recorded) await runner.advance(recorded, recorded.requestId);
  }

  /** Whether another end is posted. Where an account does not answer, the end is asked for until it
   *  does, and is refused if there was another. */
  async #hasEnd(transactionId: string, ending: Submission): Promise<boolean> {
    const { accounts, log } = this.#parts;
    const { tenant } = ending;
    const legs = legsOf({ ...ending, lines: linesOf(ending.request) });
    const { requestId } = system;
    const key = originKey(transactionId);
    const readings = legs.map(({ account, posting }) => {
      const address = addressOf(ending, account);
      const protocol = versionToSay(posting);
      const about = { protocol, requestId, tenant, account: address.id, key };
      return accounts(tenant, address).readClaims(about);
    });
    try {
      return (await Promise.all(readings)).some(({ posted }) => posted.length > 0);
    } catch (error) {
      const detail = describeError(error);
      log("warn", { event: "call_failed", requestId, target: `end of ${ending.id}`, detail });
      return false;
    }
  }
}
