// The books of one shard of the outside world: its ledger summed per provider and currency, and its
// held legs. Exact at any size: amounts are summed in two halves and joined as BigInt. Writes
// nothing.
import type { ObjectStorage, SqlRow } from "../../platform/storage.ts";
import { sleep, type Clock } from "../../platform/clock.ts";
import type { Account } from "../account/core.ts";
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

interface Line {
  entries: number;
  openLegs: number;
  readonly posted: { debit: bigint; credit: bigint };
  readonly open: { debit: bigint; credit: bigint };
}

class Books {
  readonly #lines = new Map<string, Line>();

  add(part: "posted" | "open", row: SumRow): void {
    const { provider, currency, direction, count } = row;
    const key = JSON.stringify([provider ?? "", currency]);
    const line = this.#lines.get(key) ?? {
      entries: 0,
      openLegs: 0,
      posted: { debit: 0n, credit: 0n },
      open: { debit: 0n, credit: 0n },
    };
    line[part][direction] += (BigInt(row.high) << lowBits) + BigInt(row.low);
    line[part === "posted" ? "entries" : "openLegs"] += count;
    this.#lines.set(key, line);
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
  for (const row of openSums(storage)) books.add("open", row);
  for (let after = 0; after < last; after += entriesPerTurn) {
    if (after > 0) await sleep(clock, 0);
    for (const row of postedSums(storage, after, Math.min(after + entriesPerTurn, last))) {
      books.add("posted", row);
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

/** A held leg's provider is in its claim. Claims are read only where something is held. */
function openSums(storage: ObjectStorage): SumRow[] {
  const held = storage.sql.exec("SELECT 1 AS held FROM legs WHERE open = 1 LIMIT 1").toArray();
  if (held.length === 0) return [];
  return storage.sql
    .exec<SumRow>(
      `WITH held AS MATERIALIZED (SELECT * FROM legs WHERE open = 1),
         claimed AS MATERIALIZED (SELECT provider, transaction_id FROM claims
           WHERE transaction_id IN (SELECT transaction_id FROM held))
       SELECT provider, currency, direction, count(*) AS count,
         sum(amount >> 26) AS high, sum(amount & 67108863) AS low
       FROM held LEFT JOIN claimed USING (transaction_id)
       GROUP BY provider, currency, direction`,
    )
    .toArray();
}
