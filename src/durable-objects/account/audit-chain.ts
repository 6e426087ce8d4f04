// The checks of a ledger by itself, entry by entry from the first: numbers, times and hashes follow
// on each other, and the lines of each leg are there as a whole, as its row has them, behind what
// they end. Reads legs only; asks no log.
import { entryHash, type Entry, type LedgerHead } from "../../domain/ledger/entry.ts";
import type { Line } from "../../domain/ledger/line.ts";
import type { Direction } from "../../domain/ledger/money.ts";
import type { AuditDifference } from "./audit-contract.ts";
import type { AuditedLeg, AuditStore } from "./audit-store.ts";
import { differingLineField } from "./leg-comparison.ts";

type Difference = AuditDifference | undefined;

/** Whether the origin of a leg stands in this ledger before it. */
export function followsOrigin(store: AuditStore, origin: string | null, first: number): boolean {
  if (origin === null) return true;
  const sequence = store.leg(origin)?.sequence ?? null;
  return sequence !== null && sequence < first;
}

/** What lines put into what is reserved, or take out of it, by currency: comparable as text. */
function reservedBy(direction: Direction, lines: readonly Line[] | undefined): string {
  const sums = new Map<string, bigint>();
  for (const line of lines ?? []) {
    if (line.bucket !== "reserved" || line.direction !== direction) continue;
    sums.set(line.currency, (sums.get(line.currency) ?? 0n) + BigInt(line.amount));
  }
  return [...sums]
    .map(([currency, sum]) => `${sum} ${currency}`)
    .toSorted()
    .join();
}

/** Whether a leg takes out of what is reserved all that its origin has put there, and nothing
 *  else. */
function endsWhatItNames(store: AuditStore, lines: readonly Line[], origin: string | null) {
  const ended = origin === null ? undefined : store.leg(origin)?.lines;
  return reservedBy("debit", lines) === reservedBy("credit", ended);
}

/** A leg of which a line was read, and others are still to come. */
interface BegunLeg {
  readonly first: Entry;
  readonly lines: readonly Line[];
}

export class ChainCheck {
  readonly #store: AuditStore;
  #previous: LedgerHead;
  #leg: BegunLeg | undefined;

  constructor(store: AuditStore, genesis: string) {
    this.#store = store;
    this.#previous = { sequence: 0, hash: genesis, createdAt: Number.NEGATIVE_INFINITY };
  }

  /** Of the last entry that was looked at. */
  get sequence(): number {
    return this.#previous.sequence;
  }

  /** Whether the last entry was that of a leg's last line. */
  get isWhole(): boolean {
    return this.#leg === undefined;
  }

  /** What is wrong where the ledger ends behind the last entry. */
  atEnd(): Difference {
    const { sequence } = this.#previous;
    const unfinished = this.#leg?.first.transactionId;
    return unfinished === undefined
      ? undefined
      : { kind: "incomplete_leg", sequence, transactionId: unfinished };
  }

  /** `entry`: undefined where it cannot be read. */
  check(entry: Entry | undefined): Difference {
    const sequence = this.#previous.sequence + 1;
    if (!entry) return { kind: "broken_hash", sequence };
    if (entry.sequence !== sequence) return { kind: "sequence_gap", sequence };
    const { transactionId } = entry;
    if (!this.#follows(entry)) return { kind: "broken_hash", sequence, transactionId };
    const difference = this.#checkPlace(entry);
    if (difference) return { sequence, transactionId, ...difference };
    this.#previous = entry;
    return undefined;
  }

  #follows(entry: Entry): boolean {
    const { hash, createdAt } = this.#previous;
    const isInOrder = entry.createdAt >= createdAt && entry.createdAt >= entry.decidedAt;
    return isInOrder && entry.previousHash === hash && entryHash(entry) === entry.hash;
  }

  /** Its place among the lines of its leg. */
  #checkPlace(entry: Entry): Difference {
    const found = entry.line === 1 ? this.#begin(entry) : this.#goOn(entry);
    if (found.difference) return found.difference;
    const { leg } = found;
    const due = leg.lines[entry.line - 1];
    const field = differingLineField([entry], due ? [due] : []);
    if (field !== undefined) return { kind: "entry_differs_from_leg", field };
    this.#leg = entry.line < leg.lines.length ? leg : undefined;
    return undefined;
  }

  #begin(entry: Entry): Found {
    const unfinished = this.atEnd();
    if (unfinished) return { difference: unfinished };
    const leg = this.#store.leg(entry.transactionId);
    if (leg?.state !== "posted") return { difference: { kind: "entry_without_leg" } };
    return this.#match(entry, leg);
  }

  #match(entry: Entry, { lines, origin, sequence }: AuditedLeg): Found {
    if (!lines) return { difference: { kind: "entry_differs_from_leg", field: "lines" } };
    if (sequence !== entry.sequence + lines.length - 1) {
      return { difference: { kind: "entry_without_leg" } };
    }
    if ((entry.origin ?? null) !== origin) {
      return { difference: { kind: "entry_differs_from_leg", field: "origin" } };
    }
    if (!followsOrigin(this.#store, origin, entry.sequence)) {
      return { difference: { kind: "origin_not_posted" } };
    }
    if (!endsWhatItNames(this.#store, lines, origin)) return { difference: { kind: "wrong_end" } };
    return { leg: { first: entry, lines } };
  }

  #goOn(entry: Entry): Found {
    const leg = this.#leg;
    const isNext =
      leg !== undefined &&
      entry.transactionId === leg.first.transactionId &&
      entry.line === this.#previous.sequence - leg.first.sequence + 2 &&
      entry.createdAt === leg.first.createdAt &&
      entry.decidedAt === leg.first.decidedAt;
    return isNext ? { leg } : { difference: { kind: "incomplete_leg" } };
  }
}

type Found =
  | { readonly leg: BegunLeg; readonly difference?: never }
  | { readonly difference: AuditDifference };
