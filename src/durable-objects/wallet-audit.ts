// An audit of one wallet: recomputes it from its first entry and compares it with what the transfer
// logs decided, in both directions. It looks for what cannot be, so it trusts no checkpoint, no leg
// and no sum. It writes nothing but what any read writes: the outcome of holds that were decided.
import { entryHash, genesisHash, type Entry, type LedgerHead } from "../domain/entry.ts";
import { logShardOf, shardName, walletAddress } from "../domain/ids.ts";
import { shardCount } from "../domain/limits.ts";
import { addNet, hasHeadroom, signed, type Net } from "../domain/money.ts";
import { describeError } from "../platform/log.ts";
import type { Account, AccountParts } from "./account.ts";
import {
  protocolVersion,
  type AuditDifference,
  type AuditReport,
  type CommittedLeg,
  type WalletCall,
} from "./contract.ts";
import type { Learned } from "./inquiry.ts";
import type { WalletStore } from "./wallet-store.ts";

/** Entries or legs looked at in one turn: the object answers others in between. */
const rowsPerTurn = 5_000;

/** Log shards that are asked at the same time. */
const shardsAtOnce = 16;

type Difference = AuditDifference | undefined;

function compareWithLeg(entry: Entry, leg: CommittedLeg): Difference {
  const same =
    entry.direction === leg.direction &&
    entry.amount === leg.amount &&
    entry.currency === leg.currency;
  if (same) return undefined;
  const { sequence, transactionId } = entry;
  return { kind: "entry_differs_from_log", sequence, transactionId };
}

class Audit {
  readonly #account: Account;
  readonly #store: WalletStore;
  readonly #parts: AccountParts;
  readonly #call: WalletCall;
  readonly #head: LedgerHead;
  readonly #confirmed = new Uint32Array(shardCount);
  readonly #posted = new Uint32Array(shardCount);
  #nextLog = 0;
  checkpoints = 0;
  transactions = 0;
  unreachable = 0;

  constructor(account: Account, store: WalletStore, parts: AccountParts, call: WalletCall) {
    this.#account = account;
    this.#store = store;
    this.#parts = parts;
    this.#call = call;
    this.#head = account.head();
  }

  get head(): LedgerHead {
    return this.#head;
  }

  /** Sequence, hash chain, legs, prefix balances and checkpoints, from the first entry on. */
  async checkLedger(): Promise<Difference> {
    const { tenant, walletId } = this.#call;
    let previous = genesisHash(tenant, walletAddress(walletId));
    if (this.#account.genesis() !== previous) return { kind: "broken_hash", sequence: 0 };
    let sequence = 0;
    let net: Net = {};
    while (sequence < this.#head.sequence) {
      if (sequence > 0) await this.#letOthersIn();
      const turn = this.#account.store.entriesAfter(sequence, this.#head.sequence, rowsPerTurn);
      if (turn.length === 0) return { kind: "sequence_gap", sequence: sequence + 1 };
      for (const entry of turn) {
        const difference =
          this.#checkEntry(entry, sequence + 1, previous) ?? this.#checkSum(entry, net);
        if (difference) return difference;
        net = addNet(net, { [entry.currency]: signed(entry.direction, entry.amount) });
        const wrong = this.#checkCheckpoint(entry.sequence, net);
        if (wrong) return wrong;
        sequence = entry.sequence;
        previous = entry.hash;
      }
    }
    return undefined;
  }

  /** The object answers others while it waits for a log, which is asked about nothing. Not a timer:
   *  those follow the clock, and one that is waited for while the clock is put back comes only when
   *  the clock has caught up. A log that cannot be asked is met again where it matters. */
  async #letOthersIn(): Promise<void> {
    const { requestId, tenant, walletId: account } = this.#call;
    const about = { protocol: protocolVersion, requestId, tenant, account, questions: [] };
    await this.#parts
      .logs(this.#nextLog)
      .ask(about)
      .catch(() => {});
    this.#nextLog = (this.#nextLog + 1) % shardCount;
  }

  #checkEntry(entry: Entry, sequence: number, previousHash: string): Difference {
    const { transactionId } = entry;
    if (entry.sequence !== sequence) return { kind: "sequence_gap", sequence };
    if (entry.previousHash !== previousHash || entryHash(entry) !== entry.hash) {
      return { kind: "broken_hash", sequence, transactionId };
    }
    if (this.#account.store.postedSequence(transactionId) !== sequence) {
      return { kind: "entry_without_leg", sequence, transactionId };
    }
    const shard = logShardOf(transactionId);
    this.#posted[shard] = (this.#posted[shard] ?? 0) + 1;
    return undefined;
  }

  /** Whether the entry keeps the balance from 0 to the largest amount; `net` is the one before. */
  #checkSum(entry: Entry, net: Net): Difference {
    const { sequence, transactionId, amount } = entry;
    const before = net[entry.currency] ?? 0;
    if (entry.direction === "debit") {
      return amount <= before ? undefined : { kind: "negative_balance", sequence, transactionId };
    }
    if (hasHeadroom(before, 0, amount)) return undefined;
    return { kind: "balance_limit_exceeded", sequence, transactionId };
  }

  #checkCheckpoint(sequence: number, net: Net): Difference {
    const checkpoint = this.#store.checkpointAt(sequence);
    if (!checkpoint) return undefined;
    this.checkpoints += 1;
    const currencies = new Set([...Object.keys(checkpoint), ...Object.keys(net)]);
    for (const currency of currencies) {
      if (checkpoint[currency] !== net[currency]) return { kind: "wrong_checkpoint", sequence };
    }
    return undefined;
  }

  /** Every posted leg has its entry, also those that were posted since the audit began. */
  async checkLegs(): Promise<Difference> {
    for (let after: string | undefined = ""; after !== undefined;) {
      const legs = this.#account.store.postedLegsAfter(after, rowsPerTurn);
      for (const { sequence, transactionId, entry } of legs) {
        if (entry !== transactionId) return { kind: "missing_entry", sequence, transactionId };
      }
      after = legs.at(-1)?.transactionId;
      if (legs.length === rowsPerTurn) await this.#letOthersIn();
    }
    return undefined;
  }

  /** Every log shard against the ledger: what it committed is here, what is here it committed. */
  async checkLogs(): Promise<Difference> {
    for (let first = 0; first < shardCount; first += shardsAtOnce) {
      const shards = Array.from({ length: shardsAtOnce }, (_, index) => first + index);
      const differences = await Promise.all(shards.map((shard) => this.#checkShard(shard)));
      const difference = differences.find((one) => one !== undefined);
      if (difference) return difference;
    }
    return undefined;
  }

  async #checkShard(shard: number): Promise<Difference> {
    const { requestId, tenant, walletId } = this.#call;
    const asked = { protocol: protocolVersion, requestId, tenant, account: walletId };
    try {
      let after: string | null = "";
      while (after !== null) {
        const page = await this.#parts.logs(shard).committedLegs({ ...asked, after });
        for (const leg of page.legs) {
          const difference = this.#checkLeg(leg, shard);
          if (difference) return difference;
        }
        after = page.nextAfter;
      }
      if (this.#confirmed[shard] === this.#posted[shard]) return undefined;
      return await this.#findUnknown(shard);
    } catch (error) {
      this.unreachable += 1;
      const target = `transfer-log ${shardName(shard)} audit`;
      const detail = describeError(error);
      this.#parts.log("warn", { event: "call_failed", requestId, target, detail });
      return undefined;
    }
  }

  /** The wallet is read after the log has answered: what was settled by then must be here. */
  #checkLeg(leg: CommittedLeg, shard: number): Difference {
    this.transactions += 1;
    const { transactionId } = leg;
    const sequence = this.#account.store.postedSequence(transactionId);
    if (sequence === undefined) {
      return leg.settled ? { kind: "missing_entry", transactionId } : undefined;
    }
    if (sequence > this.#head.sequence) return undefined;
    this.#confirmed[shard] = (this.#confirmed[shard] ?? 0) + 1;
    const [entry] = this.#account.store.entriesAfter(sequence - 1, sequence, 1);
    return entry && compareWithLeg(entry, leg);
  }

  /** Some entry of this shard is not in its log: finds the first by asking about each. */
  async #findUnknown(shard: number): Promise<Difference> {
    const { requestId, tenant, walletId } = this.#call;
    const asked = { protocol: protocolVersion, requestId, tenant, account: walletId };
    const { store } = this.#account;
    for (let after = 0; after < this.#head.sequence;) {
      const turn = store.entriesAfter(after, this.#head.sequence, rowsPerTurn);
      for (const { sequence, transactionId } of turn) {
        after = sequence;
        if (logShardOf(transactionId) !== shard) continue;
        const fingerprint = store.leg(transactionId)?.fingerprint ?? "";
        const questions = [{ transactionId, fingerprint }];
        const result = await this.#parts.logs(shard).ask({ ...asked, questions });
        if (!result.ok) throw new Error(result.problem);
        if (result.answers[0]?.decision !== "commit") {
          return { kind: "entry_unknown_to_log", sequence, transactionId };
        }
      }
      if (turn.length === 0) break;
    }
    return undefined;
  }
}

/** A hold that its log does not know, or of another content than its log decided about: what was
 *  decided has been performed by now, so nothing that was decided may still be held. */
function checkHolds(account: Account, learned: Learned): Difference {
  const decided = [...learned.committed, ...learned.rejected].map((one) => one.transactionId);
  const still = decided.find((id) => account.store.leg(id)?.state === "held");
  const transactionId = learned.unknown[0] ?? still;
  return transactionId === undefined ? undefined : { kind: "unknown_hold", transactionId };
}

export async function auditWallet(
  account: Account,
  store: WalletStore,
  parts: AccountParts,
  call: WalletCall,
): Promise<AuditReport> {
  const held = account.store.heldLegs();
  const audit = new Audit(account, store, parts, call);
  const learned = await account.resolve(held, { ...call, account: call.walletId });
  const difference =
    (await audit.checkLedger()) ??
    (await audit.checkLegs()) ??
    checkHolds(account, learned) ??
    (await audit.checkLogs());
  const unasked = learned.failed && learned.unknown.length === 0 ? 1 : 0;
  return {
    ok: true,
    head: audit.head,
    checked: {
      entries: audit.head.sequence,
      checkpoints: audit.checkpoints,
      holds: held.length,
      transactions: audit.transactions,
    },
    ...(difference && { difference }),
    unreachableShards: Math.max(audit.unreachable, unasked),
  };
}
