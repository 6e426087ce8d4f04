// One batch of a scrub: compares transactions of a log shard with their accounts. Each account is
// asked once, about all of its legs. An account that does not answer in time is not a difference:
// its transactions count as unasked. Writes nothing.
import type { AccountAddress } from "../../domain/ids.ts";
import { scrubAccountsAtOnce, scrubBatchMaxMs } from "../../domain/limits.ts";
import {
  compareWithAccount,
  compareWithExpirations,
  compareWithItself,
  type LegReading,
  type ScrubDifferenceKind,
} from "../../domain/protocol/scrub.ts";
import { addressOf, legsOf, type Leg } from "../../domain/protocol/transaction.ts";
import { withTimeout, type Clock } from "../../platform/clock.ts";
import { describeError, type WorkLog } from "../../platform/log.ts";
import { protocolVersions } from "../rpc/contract.ts";
import type { FoundDifference, ReadTransaction } from "./scrub-store.ts";
import type { Accounts } from "../rpc/stubs.ts";
import type { StoredTransaction } from "./rows.ts";

/** Of calls and log lines: there is no request behind them. */
export const requestId = "scrub";

/** `seen`: the row that was compared; absent where it cannot be read. */
export interface ScrubFinding extends FoundDifference {
  readonly seen?: StoredTransaction;
}

interface AskedLeg {
  readonly transaction: StoredTransaction;
  readonly leg: Leg;
  /** What the log has kept of the hash of its last entry. */
  readonly anchor: string | null;
  /** Whether the log is to end it, or has recorded its end: before any account was asked. */
  readonly isToEnd: boolean;
}

interface AskedAccount {
  readonly tenant: string;
  readonly address: AccountAddress;
  readonly legs: AskedLeg[];
}

interface ScrubBatchParts {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: WorkLog;
}

export class ScrubBatch {
  readonly findings: ScrubFinding[] = [];
  readonly transactions: number;
  readonly #parts: ScrubBatchParts;
  readonly #accounts = new Map<string, AskedAccount>();
  readonly #unanswered = new Set<AskedLeg>();
  #ended = false;

  constructor(rows: readonly ReadTransaction[], parts: ScrubBatchParts) {
    this.#parts = parts;
    this.transactions = rows.length;
    for (const row of rows) this.#take(row);
  }

  /** Transactions of which some account did not answer. */
  get unasked(): number {
    return new Set([...this.#unanswered].map(({ transaction }) => transaction.id)).size;
  }

  /** A row that this code did not write may make any step throw: that is a finding. */
  #take({ id: transactionId, tenant, transaction, isToEnd }: ReadTransaction): void {
    const find = (kind: ScrubDifferenceKind) => {
      const about = { tenant, transactionId, account: "", kind };
      this.findings.push({ ...about, ...(transaction && { seen: transaction }) });
    };
    try {
      if (!transaction) throw new Error("unreadable");
      const kind = compareWithItself(transaction);
      if (kind) find(kind);
      const asked = legsOf(transaction).map((leg, index) => ({
        address: addressOf(transaction, leg.account),
        about: { transaction, leg, anchor: transaction.anchors?.[index] ?? null, isToEnd },
      }));
      for (const { address, about } of asked) this.#ask(address, about);
    } catch {
      find("unreadable_transaction");
    }
  }

  #ask(address: AccountAddress, asked: AskedLeg): void {
    const { tenant } = asked.transaction;
    const name = `${tenant} ${address.class} ${address.id}`;
    const account = this.#accounts.get(name) ?? { tenant, address, legs: [] };
    account.legs.push(asked);
    this.#accounts.set(name, account);
    this.#unanswered.add(asked);
  }

  /** Asks every account, some at a time, until the batch has taken long enough. What is answered
   *  later than that changes nothing. */
  async run(): Promise<void> {
    const queue = [...this.#accounts.values()];
    const worker = async () => {
      for (let one = queue.shift(); one && !this.#ended; one = queue.shift()) {
        await this.#askAccount(one);
      }
    };
    const workers = Promise.all(Array.from({ length: scrubAccountsAtOnce }, worker));
    await withTimeout(this.#parts.clock, workers, scrubBatchMaxMs);
    this.#ended = true;
  }

  async #askAccount({ tenant, address, legs }: AskedAccount): Promise<void> {
    const { accounts, log } = this.#parts;
    const transactionIds = legs.map(({ transaction }) => transaction.id);
    const call = { protocol: protocolVersions.before, requestId, tenant, account: address.id };
    try {
      const result = await accounts(tenant, address).readLegs({ ...call, transactionIds });
      if (!result.ok) throw new Error(result.problem);
      if (this.#ended) return;
      for (const [index, asked] of legs.entries()) this.#compare(asked, result.legs[index]);
    } catch (error) {
      const detail = describeError(error);
      log("warn", { event: "call_failed", target: address.id, detail });
    }
  }

  #compare(asked: AskedLeg, reading: LegReading | undefined): void {
    if (!reading) throw new Error("a leg is not answered");
    const { transaction, leg, anchor, isToEnd } = asked;
    const kind =
      compareWithAccount(transaction, leg, reading, anchor) ??
      compareWithExpirations(transaction, reading, isToEnd);
    this.#unanswered.delete(asked);
    if (!kind) return;
    const { tenant, id: transactionId } = transaction;
    const { account } = leg;
    this.findings.push({ tenant, transactionId, account, kind, seen: transaction });
  }
}
