// Each wallet's final ledger by itself: sequences, times, the hash chain, every balance on the way.
import { amountMax } from "../../src/domain/limits.ts";
import { entryHash } from "../oracle/reckoning.ts";
import type { HistoryRow, Ledger } from "./format.ts";
import { decidedVariant, originIn, type History } from "./history.ts";
import { legRows, type LedgerIndex } from "./ledger-index.ts";
import type { BalanceBody } from "./reads.ts";
import type { Report } from "./violations.ts";

export function checkLedgers(history: History, report: Report): void {
  for (const ledger of history.wallets.values()) {
    checkSequences(ledger, report);
    checkChain(ledger, history, report);
    checkBalances(ledger, report);
    checkLegs(ledger, report);
  }
  checkDecisionTimes(history, report);
  checkTransfersCancelOut(history, report);
  for (const ledger of history.ledgers) checkRest(ledger, report);
  for (const id of history.end.unsettled) report("unsettled", id);
}

/** Where an entry is, for people. */
export function place(walletId: string, { sequence, transactionId }: HistoryRow): string {
  return `${walletId} entry ${sequence} (${transactionId})`;
}

function checkSequences({ walletId, entries }: LedgerIndex, report: Report): void {
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (entry.sequence !== index + 1) {
      report("sequence_gap", `${place(walletId, entry)} should have sequence ${index + 1}`);
      return;
    }
    if (before && Date.parse(entry.createdAt) < Date.parse(before.createdAt)) {
      report("time_reversed", `${place(walletId, entry)} is older than the one before`);
    }
  }
}

/** What an entry's hash covers and its row does not show: the transaction that it ends or reverses,
 *  where that has a leg in the same wallet. */
export function originOf(
  history: Pick<History, "transactions">,
  { transactionId, walletId }: Pick<HistoryRow, "transactionId" | "walletId">,
): string | undefined {
  const transaction = history.transactions.get(transactionId);
  const variant = transaction && decidedVariant(transaction);
  const origin = variant && originIn(history, variant);
  const lines = (origin && decidedVariant(origin)?.lines) ?? [];
  return lines.some(({ account }) => account === walletId) ? origin?.id : undefined;
}

function checkChain(
  { walletId, genesis, entries }: LedgerIndex,
  history: History,
  report: Report,
): void {
  let previousHash = genesis;
  for (const leg of legRows(entries)) {
    const origin = leg[0] && originOf(history, leg[0]);
    const ofOrigin = origin === undefined ? {} : { origin };
    for (const [index, entry] of leg.entries()) {
      const [decidedAt, createdAt] = [Date.parse(entry.decidedAt), Date.parse(entry.createdAt)];
      const stored = { ...entry, ...ofOrigin, line: index + 1, decidedAt, createdAt };
      if (entryHash(previousHash, stored) !== entry.hash) {
        report("broken_chain", `${place(walletId, entry)} has another hash than its content`);
        return;
      }
      previousHash = entry.hash;
    }
  }
}

function checkBalances(ledger: LedgerIndex, report: Report): void {
  const { walletId, entries } = ledger;
  for (const [index, entry] of entries.entries()) {
    const inBucket = ledger.pileAt(index + 1, entry) ?? 0;
    const balance = ledger.balanceAt(index + 1, entry.currency) ?? 0;
    const where = `${place(walletId, entry)}: ${inBucket} ${entry.currency}`;
    if (inBucket < 0) report("negative_balance", where);
    if (balance > amountMax) report("balance_over_limit", where);
    if (entry.balanceAfter !== inBucket) {
      report("wrong_balance_after", `${where}, shown as ${entry.balanceAfter}`);
    }
  }
}

/** How many there should be is known of the transaction only: check-transactions.ts. */
function checkLegs({ walletId, entries }: LedgerIndex, report: Report): void {
  const seen = new Set<string>();
  for (const [first] of legRows(entries)) {
    if (!first) continue;
    if (seen.has(first.transactionId)) report("torn_leg", place(walletId, first));
    seen.add(first.transactionId);
  }
}

function checkDecisionTimes(history: History, report: Report): void {
  const decided = new Map<string, string>();
  for (const { walletId, entries } of history.wallets.values()) {
    for (const entry of entries) {
      const { transactionId, decidedAt, createdAt } = entry;
      const first = decided.get(transactionId) ?? decidedAt;
      decided.set(transactionId, first);
      if (first === decidedAt && Date.parse(decidedAt) <= Date.parse(createdAt)) continue;
      report("misdated_entry", `${place(walletId, entry)}: ${decidedAt}, first seen as ${first}`);
    }
  }
}

/** Independent of what was asked for. In BigInt: the sum over all wallets has no bound. */
function checkTransfersCancelOut(history: History, report: Report): void {
  const sums = new Map<string, bigint>();
  for (const { entries } of history.wallets.values()) {
    for (const { provider, currency, direction, amount } of entries) {
      if (provider !== undefined) continue;
      const signed = BigInt(direction === "credit" ? amount : -amount);
      sums.set(currency, (sums.get(currency) ?? 0n) + signed);
    }
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0n) report("sum_not_zero", `all transfers in ${currency} add up to ${sum}`);
  }
}

function checkRest({ walletId, entries, balance }: Ledger, report: Report): void {
  if (balance === undefined) return;
  const body = JSON.parse(balance) as BalanceBody;
  const held = body.balances.filter((one) => one.held !== one.reserved || one.incoming !== 0);
  if (held.length > 0 || body.inFlight !== undefined) {
    report("leftover_hold", `${walletId}: ${JSON.stringify(held)}`);
  }
  if (body.asOf.sequence !== entries.length) {
    report("stale_read", `${walletId}: the last balance is as of entry ${body.asOf.sequence}`);
  }
}
