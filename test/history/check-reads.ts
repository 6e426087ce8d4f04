// What reads showed against the final ledgers: sums, rows, pages. When they showed it is order's
// matter (check-order.ts).
import type { HistoryRow } from "./format.ts";
import type { History } from "./history.ts";
import type { LedgerIndex } from "./ledger-index.ts";
import type { BalanceRead, Figures, PageRead } from "./reads.ts";
import type { Report } from "./violations.ts";

export function checkReads(history: History, report: Report): void {
  /** Where a page of one wallet and filter ended, by the cursor that continues it. */
  const continued = new Map<string, number>();
  for (const read of history.reads) {
    const ledger = history.wallets.get(read.walletId);
    if (!ledger) continue;
    const where = `line ${history.lineOf.get(read.operation)}: ${read.walletId}`;
    if (read.kind === "balance") checkBalance(read, ledger, where, report);
    else checkPage(read, ledger, continued, where, report);
  }
}

function checkBalance(
  { body }: BalanceRead,
  ledger: LedgerIndex,
  where: string,
  report: Report,
): void {
  const { sequence, hash } = body.asOf;
  if (sequence > ledger.head) {
    report("vanished_entry", `${where} had entry ${sequence} and now ends at ${ledger.head}`);
    return;
  }
  if (ledger.hashAt(sequence) !== hash) {
    report("changed_past", `${where} had another hash at entry ${sequence}`);
  }
  const shown = new Set(body.balances.map(({ currency }) => currency));
  for (const currency of ledger.currenciesAt(sequence)) {
    if (!shown.has(currency)) report("wrong_balance", `${where} shows no ${currency}`);
  }
  for (const figures of [body, ...body.balances]) {
    const { currency } = figures;
    const reserved = ledger.pileAt(sequence, { bucket: "reserved", currency }) ?? 0;
    const balance = ledger.balanceAt(sequence, currency) ?? 0;
    checkFigures(figures, { balance, reserved }, where, report);
  }
}

function checkFigures(
  figures: Figures,
  sums: Pick<Figures, "balance" | "reserved">,
  where: string,
  report: Report,
): void {
  const { currency, balance, available, reserved, held, incoming } = figures;
  for (const name of ["balance", "reserved"] as const) {
    if (figures[name] === sums[name]) continue;
    const found = `${figures[name]} ${currency}, its entries add up to ${sums[name]}`;
    report("wrong_balance", `${where} shows as ${name} ${found}`);
  }
  if (available !== balance - held || held < reserved || incoming < 0) {
    report("wrong_balance", `${where}: ${balance} less ${held} held is not ${available}`);
  }
  if (available < 0)
    report("negative_available", `${where} has ${available} ${currency} available`);
}

const rowFields = [
  "transactionId",
  "hash",
  "bucket",
  "amount",
  "direction",
  "balanceAfter",
] as const;

function checkPage(
  read: PageRead,
  ledger: LedgerIndex,
  continued: Map<string, number>,
  where: string,
  report: Report,
): void {
  const { data, nextCursor } = read.body;
  for (const row of data) {
    const entry = ledger.entries[row.sequence - 1];
    if (!entry) report("vanished_entry", `${where} had entry ${row.sequence}`);
    else if (rowFields.some((field) => row[field] !== entry[field])) {
      report("changed_past", `${where} showed another entry ${row.sequence}`);
    }
  }
  const name = (cursor: string) => JSON.stringify([read.walletId, cursor]);
  const start = read.cursor === undefined ? undefined : continued.get(name(read.cursor));
  const end = data.at(-1)?.sequence ?? start;
  if (nextCursor !== null && end !== undefined) continued.set(name(nextCursor), end);

  // Without its first page, a page says nothing of what came before it.
  let newest = start ?? data[0]?.sequence;
  if (newest === undefined) return;
  if (start === undefined) newest += 1;
  const oldest = nextCursor === null ? 1 : (data.at(-1)?.sequence ?? newest);
  const shown = new Set(data.map((row) => row.sequence));
  const left = ledger.entries
    .slice(oldest - 1, newest - 1)
    .filter((entry) => matches(entry, read.filter) && !shown.has(entry.sequence));
  const ordered = data.every((row, at) => row.sequence < (data[at - 1]?.sequence ?? newest));
  if (left.length > 0) {
    report("page_gap", `${where} leaves out ${left.map((entry) => entry.sequence).join(", ")}`);
  } else if (!ordered) report("page_gap", `${where} is not in order, or repeats an entry`);
}

function matches(entry: HistoryRow, filter: ReadonlyMap<string, string>): boolean {
  const time = Date.parse(entry.decidedAt);
  for (const [name, value] of filter) {
    if (name === "from" && time < Date.parse(value)) return false;
    if (name === "to" && time >= Date.parse(value)) return false;
    if (name === "currency" && entry.currency !== value) return false;
    if (name === "direction" && entry.direction !== value) return false;
    if (name === "type" && entry.type !== value) return false;
  }
  return true;
}
