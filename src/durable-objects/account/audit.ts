// The audit of one account: recomputes its ledger from the first entry and compares every leg with
// the log of its transaction. Relies on no checkpoint, stored sum or row. Reads only. The other
// direction, a committed leg of which the account has no trace, is found by the scrub.
import { genesisHash, type Entry, type LedgerHead } from "../../domain/ledger/entry.ts";
import { isTransactionId, logShardOf, shardName, type AccountAddress } from "../../domain/ids.ts";
import { auditBatchMax } from "../../domain/limits.ts";
import { describeError, workLog, type WorkLog } from "../../platform/log.ts";
import type { Account } from "./core.ts";
import type { AccountPorts } from "./ports.ts";
import type { AuditDifference, LegRecord } from "./audit-contract.ts";
import { ChainCheck, followsOrigin } from "./audit-chain.ts";
import { ClaimCheck } from "./audit-claims.ts";
import { AuditStore, type AuditedLeg, type StoredIdentity } from "./audit-store.ts";
import { protocolVersions, type Call } from "../rpc/contract.ts";
import { compareEntries, compareLeg } from "./leg-comparison.ts";
import { isIdentity } from "../rpc/identity.ts";

/** Rows looked at in one turn: the object answers others in between. */
export const rowsPerTurn = 5_000;

/** Log shards that are asked at the same time. */
const shardsAtOnce = 16;

export type Difference = AuditDifference | undefined;

/** The checks of an audit that only one kind of account has. */
export interface AuditRules {
  /** Shard count that the class's data is laid out for; null where it has no shards. */
  readonly shards: number | null;
  /** An entry that is in its place in the chain; called in their order. */
  checkEntry(entry: Entry, isLastOfLeg: boolean): Difference;
  /** What only this kind keeps, once all entries are checked. */
  checkRecords(identity: StoredIdentity, letOthersIn: () => Promise<void>): Promise<Difference>;
}

export class AccountAudit {
  readonly #account: Account;
  readonly #store: AuditStore;
  readonly #ports: AccountPorts;
  readonly #call: Call;
  readonly #address: AccountAddress;
  readonly #genesis: string;
  readonly #claims: ClaimCheck;
  readonly #log: WorkLog;
  readonly #unreachable = new Set<number>();
  readonly head: LedgerHead;
  holds = 0;
  transactions = 0;

  constructor(account: Account, ports: AccountPorts, call: Call, address: AccountAddress) {
    this.#account = account;
    this.#store = new AuditStore(ports.storage);
    this.#claims = new ClaimCheck(this.#store, address);
    this.#ports = ports;
    this.#call = call;
    this.#address = address;
    this.#genesis = genesisHash(call.tenant, address);
    this.#log = workLog(ports.log, call.requestId);
    const empty = { sequence: 0, hash: this.#genesis, createdAt: 0 };
    this.head = account.store.lastEntry() ?? empty;
  }

  get claims(): number {
    return this.#claims.count;
  }

  get unreachableShards(): number {
    return this.#unreachable.size;
  }

  /** The first difference, which is logged as an integrity fault. */
  async run(rules: AuditRules): Promise<Difference> {
    const difference = await this.#findDifference(rules);
    if (difference) {
      const { kind, transactionId, sequence, field } = difference;
      const where = [sequence && `entry ${sequence}`, field].filter(Boolean).join(", ");
      const detail = `audit: ${kind}${where && ` (${where})`}`;
      const about = { account: this.#address.id, detail };
      const named = transactionId === undefined ? about : { ...about, transactionId };
      this.#log("error", { event: "integrity_fault", ...named });
    }
    return difference;
  }

  async #findDifference(rules: AuditRules): Promise<Difference> {
    const identity = this.#store.identity();
    const { class: ownClass, id } = this.#address;
    const own = { class: ownClass, tenant: this.#call.tenant, account: id, shards: rules.shards };
    if (!isIdentity(identity, own)) return { kind: "wrong_identity" };
    return (
      (await this.#checkChain(identity, rules)) ??
      (await this.#claims.checkRows(rowsPerTurn, () => this.#letOthersIn())) ??
      (await rules.checkRecords(identity, () => this.#letOthersIn())) ??
      (await this.#checkLegs()) ??
      this.#checkSchema()
    );
  }

  /** Last: where rows were edited besides, those say more. */
  #checkSchema(): Difference {
    const field = this.#account.differingDeclaration();
    return field === undefined ? undefined : { kind: "wrong_schema", field };
  }

  /** Sequence, hash chain and legs of the entries, from the first on. */
  async #checkChain({ genesis }: StoredIdentity, rules: AuditRules): Promise<Difference> {
    if (genesis !== this.#genesis) return { kind: "broken_hash", sequence: 0 };
    const chain = new ChainCheck(this.#store, genesis);
    while (chain.sequence < this.head.sequence) {
      if (chain.sequence > 0) await this.#letOthersIn();
      const turn = this.#store.entriesAfter(chain.sequence, this.head.sequence, rowsPerTurn);
      if (turn.length === 0) return { kind: "sequence_gap", sequence: chain.sequence + 1 };
      for (const entry of turn) {
        const difference = chain.check(entry) ?? (entry && rules.checkEntry(entry, chain.isWhole));
        if (difference) return difference;
      }
    }
    return chain.atEnd();
  }

  /** Every leg against its entry and its log; also those that came since the audit began. */
  async #checkLegs(): Promise<Difference> {
    for (let after: string | undefined = ""; after !== undefined;) {
      const legs = this.#store.legsAfter(after, rowsPerTurn);
      for (const { transactionId, state, sequence, origin, entryOf } of legs) {
        if (state === "held") {
          this.holds += 1;
          const follows = followsOrigin(this.#store, origin, Number.POSITIVE_INFINITY);
          if (!follows) return { kind: "origin_not_posted", transactionId };
        }
        if (sequence !== null && entryOf !== transactionId) {
          return { kind: "missing_entry", sequence, transactionId };
        }
        // Of no log: it could not even be asked.
        if (!isTransactionId(transactionId)) return { kind: "leg_unknown_to_log" };
      }
      const difference = await this.#askLogs(legs);
      if (difference) return difference;
      after = legs.at(-1)?.transactionId;
    }
    return undefined;
  }

  /** In batches of one shard each. Of the differences the first by id is reported. */
  async #askLogs(legs: readonly AuditedLeg[]): Promise<Difference> {
    const batches = [...Map.groupBy(legs, (leg) => logShardOf(leg.transactionId))].flatMap(
      ([shard, inShard]) => batchesOf(inShard).map((batch) => ({ shard, batch })),
    );
    for (let first = 0; first < batches.length; first += shardsAtOnce) {
      const group = batches.slice(first, first + shardsAtOnce);
      const differences = await Promise.all(
        group.map(({ shard, batch }) => this.#checkBatch(shard, batch)),
      );
      const difference = differences.find((one) => one !== undefined);
      if (difference) return difference;
    }
    return undefined;
  }

  async #checkBatch(shard: number, batch: readonly AuditedLeg[]): Promise<Difference> {
    const records = await this.#ask(shard, batch);
    if (!records) return undefined;
    for (const [index, before] of batch.entries()) {
      const difference = this.#checkLeg(before, records[index] ?? null);
      if (difference) return { ...difference, transactionId: before.transactionId };
    }
    return undefined;
  }

  /** The object answers others while it waits for a log, which is asked about nothing. Not a timer:
   *  those follow the clock, and one that is waited for while the clock is put back comes only when
   *  the clock has caught up. */
  async #letOthersIn(): Promise<void> {
    const question = { ...this.#asking(), questions: [] };
    await this.#ports
      .logs(0)
      .ask(question)
      .catch(() => {});
  }

  #asking(): Call & { readonly account: string } {
    const { requestId, tenant } = this.#call;
    return { protocol: protocolVersions.before, requestId, tenant, account: this.#address.id };
  }

  async #ask(shard: number, batch: readonly AuditedLeg[]) {
    const transactionIds = batch.map((leg) => leg.transactionId);
    try {
      return await this.#ports.logs(shard).legRecords({ ...this.#asking(), transactionIds });
    } catch (error) {
      this.#unreachable.add(shard);
      const target = `transfer-log ${shardName(shard)} audit`;
      const detail = describeError(error);
      this.#log("warn", { event: "call_failed", target, detail });
      return undefined;
    }
  }

  /** The leg is read again: what was decided when the log answered must have been performed. */
  #checkLeg(before: AuditedLeg, record: LegRecord | null): Difference {
    const after = this.#store.leg(before.transactionId);
    const sequence = after?.sequence ?? undefined;
    const difference = compareLeg(before, record, after, this.#address.id);
    if (difference) return { ...difference, ...(sequence !== undefined && { sequence }) };
    if (!record || !after) return undefined;
    const isCommitted = record.state === "committed";
    if (isCommitted) this.transactions += 1;
    const isKnown = isCommitted && sequence !== undefined;
    const posted = isKnown ? this.#checkEntries(sequence, record) : undefined;
    return posted ?? this.#claims.checkLeg(after, record.posting);
  }

  /** The entries of a posted leg, the last of which is `sequence`. */
  #checkEntries(sequence: number, record: LegRecord): Difference {
    const count = record.posting.lines.length;
    const entries = this.#store.entriesAfter(sequence - count, sequence, count);
    return compareEntries(entries, sequence, record);
  }
}

function batchesOf<T>(all: readonly T[]): T[][] {
  const batches: T[][] = [];
  for (let first = 0; first < all.length; first += auditBatchMax) {
    batches.push(all.slice(first, first + auditBatchMax));
  }
  return batches;
}
