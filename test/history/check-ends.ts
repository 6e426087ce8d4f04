// What acts on another transaction: the ends of authorizations, and reversals. Each authorization has
// one end at most, which comes after it; reversals give back what there was, and no more.
import { operationOf } from "../operations/all.ts";
import { place } from "./check-ledgers.ts";
import { earlierIn, type Act, type History, type Transaction, type Variant } from "./history.ts";
import type { Report } from "./violations.ts";

/** How long an expiry may take before it is missed. */
const expiryMaxMs = 10_000;

export function checkEnds(history: History, report: Report): void {
  for (const [origin, own] of history.acts) {
    const ends = own.filter((act) => endingOf(act) !== undefined);
    if (ends.length > 1) report("second_end", `${origin.id} is ended by ${namesOf(ends)}`);
    const reversed = own.filter((act) => endingOf(act) === undefined);
    if (exceeds(origin, reversed, 0, history)) {
      report("over_reversed", `${origin.id} is reversed by ${namesOf(reversed)}`);
    }
    for (const act of own) {
      checkPlaces(act, origin, report);
      checkCaptured(act, origin, history, report);
      checkTimes(act, origin, report);
    }
  }
  checkReserved(history, report);
  checkOverdue(history, report);
}

export function endingOf({ variant }: Pick<Act, "variant">) {
  return operationOf(variant.request).endsAs;
}

function namesOf(acts: readonly Act[]): string {
  return acts.map(({ transaction }) => transaction.id).join(" and ");
}

/** What a reversal gives back; undefined where it is several amounts. */
export function givenBack({ lines }: Variant): number | undefined {
  const [only, ...others] = lines.filter(({ direction }) => direction === "debit");
  return others.length === 0 ? only?.amount : undefined;
}

/** Whether reversals of an origin, and `further` beside them, are more than it moved. Several
 *  amounts go back together, once. */
export function exceeds(
  origin: Transaction,
  reversals: readonly Act[],
  further: number,
  history: History,
): boolean {
  const moved = earlierIn(origin, history)?.moved ?? [];
  if (moved.length !== 1) return reversals.length + Math.sign(further) > 1;
  const sum = reversals.reduce(
    (total, { variant }) => total + BigInt(givenBack(variant) ?? 0),
    BigInt(further),
  );
  return sum > BigInt(moved[0]?.amount ?? 0);
}

function checkPlaces({ transaction }: Act, origin: Transaction, report: Report): void {
  if (origin.entries.length === 0) {
    report("before_origin", `${transaction.id}: ${origin.id} is in no ledger`);
  }
  for (const { walletId, entry } of transaction.entries) {
    const late = origin.entries.some(
      (one) => one.walletId === walletId && one.entry.sequence > entry.sequence,
    );
    if (late) report("before_origin", `${place(walletId, entry)} comes before ${origin.id}`);
  }
}

function checkCaptured(
  { transaction, variant: { request } }: Act,
  origin: Transaction,
  history: History,
  report: Report,
): void {
  const { defaultCurrency } = history.header;
  const reserved = earlierIn(origin, history)?.reserved;
  const [captured] = operationOf(request).movedBy(request, defaultCurrency);
  if (!reserved || !captured || captured.amount <= reserved.amount) return;
  const taken = `${captured.amount} of ${reserved.amount}`;
  report("over_captured", `${transaction.id} takes ${taken} that ${origin.id} has reserved`);
}

/** When an authorization says that it expires, in ms since the epoch. */
export function expiresAtOf({ variants, lookups }: Transaction): number | undefined {
  const answers = [...variants.values()].flatMap((variant) => variant.answers);
  const told = answers
    .filter(({ outcome }) => /committed|pending/.test(outcome))
    .map(({ content }) => String(content?.["expiresAt"]));
  const read = lookups.flatMap(({ authorization }) => authorization?.expiresAt ?? []);
  return [...told, ...read].map((time) => Date.parse(time)).find((time) => !Number.isNaN(time));
}

function checkTimes({ transaction, variant }: Act, origin: Transaction, report: Report): void {
  const expiresAt = expiresAtOf(origin);
  const ending = endingOf({ variant });
  if (expiresAt === undefined || ending === undefined) return;
  const decidedAt = Date.parse(transaction.entries[0]?.entry.decidedAt ?? "");
  const times = `${new Date(expiresAt).toISOString()} is the time of ${origin.id}`;
  if (ending === "expired" && decidedAt < expiresAt) {
    report("expired_early", `${transaction.id} was decided at ${decidedAt}; ${times}`);
  }
  const askedAt = variant.answers
    .filter(({ outcome }) => outcome === "committed")
    .map(({ content }) => Date.parse(String(content?.["createdAt"])));
  if (ending === "captured" && askedAt.some((time) => time >= expiresAt)) {
    report("captured_late", `${transaction.id} was asked for at ${askedAt.join()}; ${times}`);
  }
}

/** No end of the transaction is in a ledger, though it is there itself. */
function isOpen(transaction: Transaction, history: History): boolean {
  const acts = history.acts.get(transaction) ?? [];
  const isEnded = acts.some((act) => endingOf(act) !== undefined);
  const reserved = earlierIn(transaction, history)?.reserved;
  return reserved !== undefined && transaction.entries.length > 0 && !isEnded;
}

/** The last time that a ledger shows is long after that of an open authorization. */
function checkOverdue(history: History, report: Report): void {
  const newest = [...history.wallets.values()].map(({ entries }) => entries.at(-1)?.createdAt);
  const latest = Math.max(...newest.map((time) => Date.parse(time ?? "1970")));
  for (const transaction of history.transactions.values()) {
    const expiresAt = expiresAtOf(transaction);
    if (expiresAt === undefined || !isOpen(transaction, history)) continue;
    if (expiresAt + expiryMaxMs > latest) continue;
    report("overdue", `${transaction.id} is open ${latest - expiresAt} ms after its time`);
  }
}

/** At rest, what lies in the bucket is what open authorizations have put there. */
function checkReserved(history: History, report: Report): void {
  const open = new Map<string, bigint>();
  for (const transaction of history.transactions.values()) {
    const reserved = earlierIn(transaction, history)?.reserved;
    if (!reserved || !isOpen(transaction, history)) continue;
    const pile = `${reserved.from} ${reserved.currency}`;
    open.set(pile, (open.get(pile) ?? 0n) + BigInt(reserved.amount));
  }
  for (const ledger of history.wallets.values()) {
    for (const currency of ledger.currenciesAt(ledger.head)) {
      const due = open.get(`${ledger.walletId} ${currency}`) ?? 0n;
      const there = BigInt(ledger.pileAt(ledger.head, { bucket: "reserved", currency }) ?? 0);
      if (due === there) continue;
      const found = `${there} ${currency} are reserved, open authorizations have ${due}`;
      report("reserved_mismatch", `${ledger.walletId}: ${found}`);
    }
  }
}
