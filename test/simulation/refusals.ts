// Every refusal of an account, with the account as it was in that moment: taken from the tables while
// the refusal is written, before anything else can happen. What follows from it is judged elsewhere.
import type { FreezeScope } from "../../src/domain/admission/rule.ts";
import type { Refusal } from "../../src/domain/errors.ts";
import type { Line } from "../../src/domain/ledger/line.ts";
import type { LegRow } from "../../src/durable-objects/account/rows.ts";
import type { SqlRow } from "../../src/platform/storage.ts";
import { freezeIn, hasTables, heldIn, toHeld, type AccountBook, type HeldLeg } from "./books.ts";
import { addTo, pileOf, signedAmount, type Sums } from "./sums.ts";
import type { Statement } from "./statements.ts";
import type { Arrival } from "./network.ts";

export interface HeldThen {
  readonly leg: HeldLeg;
  /** Since which step; Infinity: only since this one. */
  readonly since: number;
}

export interface Refused {
  readonly book: AccountBook;
  readonly leg: HeldLeg;
  readonly refusal: Refusal;
  /** The step in which the hold arrived: what was decided before has to be counted. */
  readonly askedAt: number;
  /** Of each pile, in entries. */
  readonly piles: Sums;
  /** The other held legs. */
  readonly held: readonly HeldThen[];
  readonly freeze: FreezeScope;
}

function pilesIn({ object }: AccountBook): Sums {
  const sums: Sums = new Map();
  const query = "SELECT bucket, direction, currency, amount FROM entries";
  for (const line of object.disk.query<Line & SqlRow>(query)) {
    addTo(sums, pileOf(line), signedAmount(line));
  }
  return sums;
}

function heldThen({ object, heldSince }: AccountBook): HeldThen[] {
  return heldIn(object).map((leg) => ({
    leg,
    since: heldSince.get(leg.transactionId) ?? Infinity,
  }));
}

/** A refusal is a void leg that says why. */
function refusedBy({ sql, bindings }: Statement, { object }: AccountBook): LegRow | undefined {
  if (!/^\s*INSERT INTO legs\b/.test(sql)) return undefined;
  const id = bindings.find((value) => typeof value === "string" && value.startsWith("txn_"));
  const query = "SELECT * FROM legs WHERE refusal IS NOT NULL AND transaction_id = ?";
  return object.disk.query<LegRow>(query, id ?? null)[0];
}

/** Whether the account still says so: a crash may have taken back what was never told. */
export function isKept({ book, leg }: Refused): boolean {
  const query = "SELECT 1 FROM legs WHERE refusal IS NOT NULL AND transaction_id = ?";
  return hasTables(book.object) && book.object.disk.query(query, leg.transactionId).length > 0;
}

/** Notes in `refusals` what `book` refuses from now on. */
export function watchRefusals(
  book: AccountBook,
  arrivals: Iterable<Arrival>,
  refusals: Refused[],
): void {
  const { object } = book;
  object.disk.watch = (statement) => {
    const row = refusedBy(statement, book);
    if (!row || row.refusal === null) return;
    const { transaction_id: id } = row;
    const asked = [...arrivals].filter(
      (one) =>
        one.transactionId === id &&
        one.account === object.name &&
        one.arrivedAt >= object.startedAt,
    );
    refusals.push({
      book,
      leg: toHeld(row),
      refusal: JSON.parse(row.refusal) as Refusal,
      askedAt: Math.min(...asked.map(({ arrivedAt }) => arrivedAt)),
      piles: pilesIn(book),
      held: heldThen(book),
      freeze: book.address.class === "wallet" ? freezeIn(object) : "none",
    });
  };
}
