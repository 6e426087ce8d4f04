// Each transaction against the ledgers: what was asked for, what was answered, and what is there.
import { isWallet, paymentName, paymentOf, shownPaymentOf } from "../operations/all.ts";
import { place } from "./check-ledgers.ts";
import type { HistoryRow } from "./format.ts";
import { decidedVariant, type History, type Transaction, type Variant } from "./history.ts";
import type { Report } from "./violations.ts";

export function checkTransactions(history: History, report: Report): void {
  for (const { walletId, entry } of history.phantoms) {
    report("phantom_entry", `${place(walletId, entry)}: was never asked for`);
  }
  for (const transaction of history.transactions.values()) {
    const variant = decidedVariant(transaction);
    if (!variant) continue;
    checkEntries(transaction, variant, report);
    checkDecision(transaction, variant, history, report);
  }
  checkReferences(history, report);
}

/** By account, the lines of its leg, debits first, each with what all entries of the transaction
 *  show. */
function shownIn({ request, lines }: Variant): ReadonlyMap<string, readonly ShownRow[]> {
  const { type, description, metadata } = request;
  const shared = {
    type,
    ...shownPaymentOf(request),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
  };
  const ordered = ["debit", "credit"].flatMap((side) =>
    lines.filter(({ direction }) => direction === side),
  );
  const shown = ordered.map((line) => ({ ...shared, ...line }));
  return Map.groupBy(shown, ({ account }) => account);
}

function checkEntries(transaction: Transaction, variant: Variant, report: Report): void {
  const asked = shownIn(variant);
  let isWhole = true;
  for (const [walletId, found] of Map.groupBy(transaction.entries, (one) => one.walletId)) {
    const lines = asked.get(walletId);
    isWhole &&= lines?.length === found.length;
    for (const [index, { entry }] of found.entries()) {
      const line = lines?.[index];
      if (line) compare(walletId, entry, line, report);
      else if (lines) report("doubled_effect", `${place(walletId, entry)} is one too many`);
      else report("phantom_entry", `${place(walletId, entry)}: the transaction has no leg there`);
    }
  }
  if (isWhole) checkBalance(transaction, variant, report);
}

/** What comes from outside, or goes there, is in no wallet's ledger. */
function checkBalance({ id, entries }: Transaction, { lines }: Variant, report: Report): void {
  if (lines.some(({ account }) => !isWallet(account))) return;
  const there = new Set(entries.map(({ walletId }) => walletId));
  if (lines.some(({ account }) => !there.has(account))) return;
  const sums = new Map<string, bigint>();
  for (const { entry } of entries) {
    const { currency, direction, amount } = entry;
    const signed = BigInt(direction === "credit" ? amount : -amount);
    sums.set(currency, (sums.get(currency) ?? 0n) + signed);
  }
  for (const [currency, sum] of sums) {
    if (sum !== 0n) report("unbalanced", `${id} adds up to ${sum} ${currency}`);
  }
}

const moneyFields = ["amount", "currency", "direction", "bucket"] as const;
const shownFields = [
  "type",
  "counterparty",
  "provider",
  "paymentReference",
  "payoutReference",
  "description",
  "metadata",
] as const;

type ShownField = (typeof moneyFields)[number] | (typeof shownFields)[number];
type ShownRow = Pick<HistoryRow, ShownField>;

function compare(walletId: string, entry: HistoryRow, asked: ShownRow, report: Report): void {
  const differs = (field: ShownField) =>
    JSON.stringify(entry[field]) !== JSON.stringify(asked[field]);
  const money = moneyFields.filter(differs);
  const shown = shownFields.filter(differs);
  if (money.length > 0) report("wrong_amount", `${place(walletId, entry)}: ${money.join(", ")}`);
  if (shown.length > 0) report("wrong_entry", `${place(walletId, entry)}: ${shown.join(", ")}`);
}

/** Which decisions clients were told of, by a write or by a read of the transaction. */
function decisionsTold(transaction: Transaction, variant: Variant): ReadonlySet<string> {
  const told = new Set<string>();
  for (const { outcome } of variant.answers) {
    if (outcome === "committed") told.add("committed");
    if (outcome === "refused") told.add("rejected");
  }
  for (const { status } of transaction.lookups) {
    if (status === "committed" || status === "rejected") told.add(status);
  }
  return told;
}

function checkDecision(
  transaction: Transaction,
  variant: Variant,
  history: History,
  report: Report,
): void {
  const { id, entries } = transaction;
  const told = decisionsTold(transaction, variant);
  const there = new Set(entries.map(({ walletId }) => walletId));
  const missing = [...Map.groupBy(variant.lines, ({ account }) => account)]
    .filter(([account, lines]) => {
      const count = entries.filter(({ walletId }) => walletId === account).length;
      return history.wallets.has(account) && count < lines.length;
    })
    .map(([account]) => account);

  if (told.size > 1) report("changed_decision", `${id} was told to be committed and rejected`);
  if (entries.length > 0 && missing.length > 0) {
    report("half_transfer", `${id} lacks entries in ${missing.join(", ")}`);
  }
  if (entries.length === 0 && told.has("committed")) {
    report("lost_acknowledgement", `${id} was told to be committed and is in no ledger`);
  }
  if (entries.length > 0 && mustHaveNoEffect(variant, told)) {
    report("refused_effect", `${id} was refused and is in the ledger of ${[...there].join(", ")}`);
  }
}

/** Refused for good, or every single request turned away at the edge. */
function mustHaveNoEffect(variant: Variant, told: ReadonlySet<string>): boolean {
  if (told.has("committed")) return false;
  if (variant.answers.length === 0) return told.has("rejected");
  return told.has("rejected") || variant.answers.every(({ outcome }) => outcome === "unrecorded");
}

/** Whose reference it is: the transaction in the ledgers that was asked for with it. */
function checkReferences({ transactions }: History, report: Report): void {
  const used = new Map<string, string>();
  for (const transaction of transactions.values()) {
    const variant = decidedVariant(transaction);
    if (!variant || transaction.entries.length === 0) continue;
    const payment = paymentName(paymentOf(variant.request));
    if (payment === undefined) continue;
    const first = used.get(payment);
    if (first !== undefined) {
      report("duplicate_reference", `${payment} is that of ${first} and ${transaction.id}`);
    }
    used.set(payment, transaction.id);
  }
}
