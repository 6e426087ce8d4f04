// Every refusal of an account, with the account as it was in that moment: taken from the tables while
// the refusal is written, before anything else can happen. What follows from it is judged elsewhere.
import type { Refusal } from "../../src/domain/errors.ts";
import type { SqlRow } from "../../src/platform/storage.ts";
import { signedAmount, type AccountBook, type HeldLeg } from "./books.ts";
import type { Statement } from "./statements.ts";
import type { Arrival } from "./network.ts";

interface RefusedLeg extends HeldLeg {
  refusal: string;
}

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
  /** Of the leg's currency, in entries. */
  readonly balance: bigint;
  /** The other held legs of the leg's currency. */
  readonly held: readonly HeldThen[];
  readonly frozen: boolean;
}

function balanceOf({ object }: AccountBook, currency: string): bigint {
  const query = "SELECT direction, amount FROM entries WHERE currency = ?";
  const rows = object.disk.query<HeldLeg>(query, currency);
  return rows.reduce((sum, row) => sum + signedAmount(row), 0n);
}

function isFrozen({ address, object }: AccountBook): boolean {
  if (address.class !== "wallet") return false;
  const newest = "SELECT frozen FROM freezes ORDER BY id DESC LIMIT 1";
  return object.disk.query<SqlRow & { frozen: number }>(newest)[0]?.frozen === 1;
}

function heldThen({ object, heldSince }: AccountBook, currency: string): HeldThen[] {
  const query = "SELECT * FROM legs WHERE open = 1 AND currency = ?";
  return object.disk
    .query<HeldLeg>(query, currency)
    .map((leg) => ({ leg, since: heldSince.get(leg.transaction_id) ?? Infinity }));
}

/** A refusal is a void leg that says why. */
function refusedBy({ sql, bindings }: Statement, { object }: AccountBook): RefusedLeg | undefined {
  if (!/^\s*INSERT INTO legs\b/.test(sql)) return undefined;
  const id = bindings.find((value) => typeof value === "string" && value.startsWith("txn_"));
  const query = "SELECT * FROM legs WHERE refusal IS NOT NULL AND transaction_id = ?";
  return object.disk.query<RefusedLeg>(query, id ?? null)[0];
}

/** Notes in `refusals` what `book` refuses from now on. */
export function watchRefusals(
  book: AccountBook,
  arrivals: Iterable<Arrival>,
  refusals: Refused[],
): void {
  const { object } = book;
  object.disk.watch = (statement) => {
    const leg = refusedBy(statement, book);
    if (!leg) return;
    const { transaction_id: id, currency } = leg;
    const asked = [...arrivals].filter(
      (one) =>
        one.transactionId === id &&
        one.account === object.name &&
        one.arrivedAt >= object.startedAt,
    );
    refusals.push({
      book,
      leg,
      refusal: JSON.parse(leg.refusal) as Refusal,
      askedAt: Math.min(...asked.map(({ arrivedAt }) => arrivedAt)),
      balance: balanceOf(book, currency),
      held: heldThen(book, currency),
      frozen: isFrozen(book),
    });
  };
}
