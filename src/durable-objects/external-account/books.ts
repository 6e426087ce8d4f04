// The books of one shard of the outside world: its ledger summed per provider and currency, and the
// lines of its held legs. Exact at any size: amounts of entries are summed in two halves and joined
// as BigInt. Writes nothing.
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { providerOf } from "../../domain/operations/operation.ts";
import { sleep, type Clock } from "../../platform/clock.ts";
import type { Account } from "../account/core.ts";
import { linesOfRow, type LegRow } from "../account/rows.ts";
import type { BookLine, BooksCall } from "./books-contract.ts";

/** Entries added up in one turn: the object answers others in between. Keeps both halves of a sum
 *  (27 and 26 bits an amount) far below 2^53. */
const entriesPerTurn = 20_000;

/** Bits of the lower half of an amount. */
const lowBits = 26n;

interface SumRow extends SqlRow {
  provider: string | null;
  currency: string;
  direction: "debit" | "credit";
  count: number;
  high: number;
  low: number;
}

/** With what tells its provider: a claim of a payment, or the entry of its origin. */
interface HeldRow extends LegRow {
  key: string | null;
  originProvider: string | null;
}

interface Line {
  entries: number;
  openLegs: number;
  readonly posted: { debit: bigint; credit: bigint };
  readonly open: { debit: bigint; credit: bigint };
}

class Books {
  readonly #lines = new Map<string, Line>();

  #line(provider: string | null, currency: string): Line {
    const key = JSON.stringify([provider ?? "", currency]);
    const line = this.#lines.get(key) ?? {
      entries: 0,
      openLegs: 0,
      posted: { debit: 0n, credit: 0n },
      open: { debit: 0n, credit: 0n },
    };
    this.#lines.set(key, line);
    return line;
  }

  addPosted({ provider, currency, direction, count, high, low }: SumRow): void {
    const line = this.#line(provider, currency);
    line.posted[direction] += (BigInt(high) << lowBits) + BigInt(low);
    line.entries += count;
  }

  addHeld(row: HeldRow): void {
    const provider = row.key === null ? row.originProvider : providerOf(row.key);
    for (const { currency, direction, amount } of linesOfRow(row)) {
      const line = this.#line(provider ?? null, currency);
      line.open[direction] += BigInt(amount);
      line.openLegs += 1;
    }
  }

  lines(): BookLine[] {
    return [...this.#lines].map(([key, line]) => {
      const [provider, currency] = JSON.parse(key) as [string, string];
      const { entries, openLegs, posted, open } = line;
      const spell = ({ debit, credit }: Line["open"]) => ({
        debits: String(debit),
        credits: String(credit),
      });
      return { provider, currency, entries, posted: spell(posted), openLegs, open: spell(open) };
    });
  }
}

/** As of the moment of the call: entries are only appended, so the later turns see the same. */
export async function booksOf(
  account: Account,
  { storage, clock }: { readonly storage: ObjectStorage; readonly clock: Clock },
  call: BooksCall,
): Promise<readonly BookLine[]> {
  if (!account.exists(call.tenant, call.account)) return [];
  const books = new Books();
  const last = account.head().sequence;
  for (const row of heldLegs(storage)) books.addHeld(row);
  for (let after = 0; after < last; after += entriesPerTurn) {
    if (after > 0) await sleep(clock, 0);
    for (const row of postedSums(storage, after, Math.min(after + entriesPerTurn, last))) {
      books.addPosted(row);
    }
  }
  return books.lines();
}

function postedSums(storage: ObjectStorage, after: number, last: number): SumRow[] {
  return storage.sql
    .exec<SumRow>(
      `SELECT provider, currency, direction, count(*) AS count,
         sum(amount >> 26) AS high, sum(amount & 67108863) AS low
       FROM entries
       WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)
       GROUP BY provider, currency, direction`,
      after,
      last,
    )
    .toArray();
}

/** At most `openLegsMax`. Claims are read only where something is held. */
function heldLegs(storage: ObjectStorage): HeldRow[] {
  const held = storage.sql.exec("SELECT 1 AS held FROM legs WHERE open = 1 LIMIT 1").toArray();
  if (held.length === 0) return [];
  return storage.sql
    .exec<HeldRow>(
      `WITH held AS MATERIALIZED (SELECT * FROM legs WHERE open = 1),
         claimed AS MATERIALIZED (SELECT min(key) AS key, transaction_id FROM claims
           WHERE key NOT GLOB 'origin:*'
             AND transaction_id IN (SELECT transaction_id FROM held)
           GROUP BY transaction_id)
       SELECT held.*, key, (SELECT provider FROM entries WHERE sequence =
           (SELECT sequence FROM legs AS origins
             WHERE open = 0 AND origins.transaction_id = held.origin)) AS originProvider
       FROM held LEFT JOIN claimed USING (transaction_id)`,
    )
    .toArray();
}
