// The books as an observer of all objects at once sees them: ledgers, held legs and
// recorded transactions, read from the tables themselves and kept up to date after every event.
import type { Entry } from "../../src/domain/ledger/entry.ts";
import type { FreezeScope } from "../../src/domain/admission/rule.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import { accountObjectName, type AccountAddress } from "../../src/domain/ids.ts";
import {
  toAccountLine,
  type AccountLine,
  type AccountLineTuple,
  type Line,
} from "../../src/domain/ledger/line.ts";
import type { SagaState } from "../../src/domain/protocol/saga.ts";
import type { BatchRecord } from "../../src/domain/protocol/batch.ts";
import { addressOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import {
  linesOfRow,
  toEntry,
  type EntryRow,
  type LegRow,
} from "../../src/durable-objects/account/rows.ts";
import type { SqlRow } from "../../src/platform/storage.ts";
import * as oracle from "../oracle/reckoning.ts";
import { paymentName, paymentOf } from "../operations/all.ts";
import { addTo, signedAmount, type Sums } from "./sums.ts";
import type { SimulatedObject } from "./simulated-object.ts";

export interface HeldLeg {
  readonly transactionId: string;
  readonly lines: readonly Line[];
  /** The transaction that this one ends or reverses. */
  readonly origin?: string;
}

interface LogRow extends SqlRow {
  open: number;
  id: string;
  tenant: string;
  fingerprint: string;
  state: SagaState;
  request: string;
  lines: string;
  created_at: number;
  deadline: number | null;
  decided_at: number | null;
  refusal: string | null;
}

interface BatchRow extends SqlRow {
  id: string;
  tenant: string;
  fingerprint: string;
  count: number;
}

export function toHeld(row: LegRow): HeldLeg {
  const { transaction_id: transactionId, origin } = row;
  return { transactionId, lines: linesOfRow(row), ...(origin !== null && { origin }) };
}

/** All held legs as they are in the tables. */
export function heldIn({ disk }: SimulatedObject): readonly HeldLeg[] {
  const rows = disk.query<LegRow>("SELECT * FROM legs WHERE open = 1");
  return rows.map(toHeld);
}

export function freezeIn({ disk }: SimulatedObject): FreezeScope {
  const newest = "SELECT scope FROM freezes ORDER BY id DESC LIMIT 1";
  return disk.query<{ scope: FreezeScope }>(newest)[0]?.scope ?? "none";
}

export function hasTables(object: SimulatedObject): boolean {
  return object.disk.query("SELECT 1 FROM sqlite_master WHERE name = 'identity'").length > 0;
}

/** What observer and object share: when to look again, and when to forget. */
abstract class Book {
  readonly object: SimulatedObject;
  #seenChanges = -1;
  #seenGeneration = 0;

  constructor(object: SimulatedObject) {
    this.object = object;
  }

  /** Whether anything may have changed since the last look. */
  refresh(step: number): boolean {
    const { disk } = this.object;
    if (disk.changes === this.#seenChanges) return false;
    this.#seenChanges = disk.changes;
    const lost = disk.generation !== this.#seenGeneration;
    this.#seenGeneration = disk.generation;
    this.read(step, lost, hasTables(this.object));
    return true;
  }

  protected abstract read(step: number, lost: boolean, initialised: boolean): void;
}

export class AccountBook extends Book {
  readonly tenant: string;
  readonly address: AccountAddress;
  entries: Entry[] = [];
  /** Entries before this index were seen in an earlier look. */
  seenEntries = 0;
  sums: Sums = new Map();
  /** The entry of the last line of each transaction. */
  readonly postedAs = new Map<string, Entry>();
  held: readonly HeldLeg[] = [];
  /** Held now and not in the look before; empty after a crash that lost something. */
  newlyHeld: readonly HeldLeg[] = [];
  /** Since which step each leg is held. */
  readonly heldSince = new Map<string, number>();
  /** The step in which the account was opened, as far as is known. */
  openedAt: number | undefined;
  freeze: FreezeScope = "none";
  freezeBefore: FreezeScope = "none";

  constructor(object: SimulatedObject, tenant: string, address: AccountAddress) {
    super(object);
    this.tenant = tenant;
    this.address = address;
  }

  protected override read(step: number, lost: boolean, initialised: boolean): void {
    const { disk } = this.object;
    if (lost) {
      this.entries = [];
      this.sums = new Map();
      this.postedAs.clear();
    }
    this.seenEntries = this.entries.length;
    this.freezeBefore = this.freeze;
    const before = new Set(this.held.map((leg) => leg.transactionId));
    this.held = initialised ? heldIn(this.object) : [];
    this.newlyHeld = lost ? [] : this.held.filter((leg) => !before.has(leg.transactionId));
    this.#noteHeld(step);
    this.openedAt = initialised ? (this.openedAt ?? step) : undefined;
    if (!initialised) return;
    const query = "SELECT * FROM entries WHERE sequence > ? ORDER BY sequence";
    const last = this.entries.at(-1)?.sequence ?? 0;
    for (const entry of disk.query<EntryRow>(query, last).map(toEntry)) {
      this.entries.push(entry);
      this.postedAs.set(entry.transactionId, entry);
      addTo(this.sums, entry.currency, signedAmount(entry));
    }
    if (this.address.class === "wallet") this.freeze = freezeIn(this.object);
  }

  #noteHeld(step: number): void {
    const held = new Set(this.held.map((leg) => leg.transactionId));
    for (const id of this.heldSince.keys()) if (!held.has(id)) this.heldSince.delete(id);
    for (const id of held) if (!this.heldSince.has(id)) this.heldSince.set(id, step);
  }

  isHeld(transactionId: string): boolean {
    return this.heldSince.has(transactionId);
  }
}

/** A transaction as its log has it, and when (in steps) it was decided for good. */
export interface Recorded extends Submission {
  readonly state: SagaState;
  readonly open: boolean;
  readonly lines: readonly AccountLine[];
  /** The step in which its log recorded it. */
  readonly recordedAt: number;
  readonly decidedAt?: number;
  /** The step in which its log closed it. */
  readonly closedAt?: number;
  /** On the log's own clock, in ms. */
  readonly createdTime: number;
  readonly decidedTime?: number;
  /** Infinity where there is none. */
  readonly deadline: number;
  readonly refusal?: Refusal;
}

/** A batch as its log has it. */
export interface RecordedBatch extends BatchRecord {
  /** The ids that its items must have. */
  readonly itemIds: readonly string[];
}

function toBatch({ id, tenant, fingerprint, count }: BatchRow): RecordedBatch {
  const itemIds = Array.from({ length: count }, (_, index) =>
    oracle.batchItemId(tenant, id, index),
  );
  return { id, tenant, fingerprint, count, itemIds };
}

export class LogBook extends Book {
  readonly shard: number;
  readonly transactions = new Map<string, Recorded>();
  readonly batches = new Map<string, RecordedBatch>();
  /** Read anew in the last look. */
  changed: readonly Recorded[] = [];

  constructor(object: SimulatedObject, shard: number) {
    super(object);
    this.shard = shard;
  }

  get openCount(): number {
    let count = 0;
    for (const { open } of this.transactions.values()) if (open) count += 1;
    return count;
  }

  protected override read(step: number, lost: boolean, initialised: boolean): void {
    const known = new Map(this.transactions);
    if (lost) this.transactions.clear();
    if (lost) this.batches.clear();
    if (!initialised) return;
    const { disk } = this.object;
    for (const row of disk.query<BatchRow>("SELECT * FROM batches")) {
      if (!this.batches.has(row.id)) this.batches.set(row.id, toBatch(row));
    }
    const rows = lost
      ? disk.query<LogRow>("SELECT * FROM transactions")
      : disk.query<LogRow>("SELECT * FROM transactions WHERE open = 1");
    const read = new Set(rows.map((row) => row.id));
    for (const { id, open } of this.transactions.values()) {
      if (!open || read.has(id)) continue;
      rows.push(...disk.query<LogRow>("SELECT * FROM transactions WHERE open = 0 AND id = ?", id));
    }
    this.changed = rows.map((row) => {
      const before = known.get(row.id);
      const decidedAt = before?.state === row.state ? before.decidedAt : step;
      const recorded: Recorded = {
        id: row.id,
        tenant: row.tenant,
        fingerprint: row.fingerprint,
        request: JSON.parse(row.request) as Submission["request"],
        lines: (JSON.parse(row.lines) as AccountLineTuple[]).map(toAccountLine),
        state: row.state,
        open: row.open === 1,
        createdTime: row.created_at,
        deadline: row.deadline ?? Infinity,
        recordedAt: before?.recordedAt ?? step,
        ...(row.open === 0 && { closedAt: before?.closedAt ?? step }),
        ...(row.decided_at !== null && { decidedTime: row.decided_at }),
        ...(row.refusal !== null && { refusal: JSON.parse(row.refusal) as Refusal }),
        ...(row.state !== "preparing" && decidedAt !== undefined && { decidedAt }),
      };
      this.transactions.set(row.id, recorded);
      return recorded;
    });
  }
}

export class Books {
  readonly accounts = new Map<string, AccountBook>();
  readonly logs = new Map<number, LogBook>();
  readonly #logOf = new Map<string, LogBook>();

  transaction(id: string): Recorded | undefined {
    return this.#logOf.get(id)?.transactions.get(id);
  }

  batch(id: string): RecordedBatch | undefined {
    return this.logs.get(oracle.logShard(id))?.batches.get(id);
  }

  /** Every recorded transaction. */
  *transactions(): Iterable<Recorded> {
    for (const log of this.logs.values()) yield* log.transactions.values();
  }

  wallets(): AccountBook[] {
    return [...this.accounts.values()].filter(({ address }) => address.class === "wallet");
  }

  account(tenant: string, address: AccountAddress): AccountBook | undefined {
    return this.accounts.get(accountObjectName(tenant, address));
  }

  /** The account that keeps lines of a transaction. */
  bookOf(transaction: Recorded, account: string): AccountBook | undefined {
    return this.account(transaction.tenant, addressOf(transaction, account));
  }

  /** Looks at everything that may have changed. */
  refresh(step: number): {
    readonly accounts: readonly AccountBook[];
    readonly logs: readonly LogBook[];
  } {
    const logs = [...this.logs.values()].filter((log) => log.refresh(step));
    for (const log of logs) for (const { id } of log.changed) this.#logOf.set(id, log);
    return { accounts: [...this.accounts.values()].filter((book) => book.refresh(step)), logs };
  }
}

/** The lines of each account, in the order in which they were recorded. */
export function legsIn({
  lines,
}: Pick<Recorded, "lines">): ReadonlyMap<string, readonly AccountLine[]> {
  return Map.groupBy(lines, ({ account }) => account);
}

/** Names the payment outside of the ledger that a transaction claims, over all tenants. */
export function referenceOf({ request, tenant }: Recorded): string | undefined {
  const payment = paymentName(paymentOf(request));
  return payment && JSON.stringify([tenant, payment]);
}
