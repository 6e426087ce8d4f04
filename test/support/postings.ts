// Legs of any shape for a wallet, without an operation that would have them.
import { transactionIdFor, walletAddress } from "../../src/domain/ids.ts";
import { debitsFirst, type ShownLine } from "../../src/domain/ledger/line.ts";
import type { Direction } from "../../src/domain/ledger/money.ts";
import type { Posting } from "../../src/domain/protocol/transaction.ts";
import { tenant } from "./caller.ts";
import { newKey } from "./keys.ts";
import { sideAt, type Side } from "./legs.ts";

const someone = `wal_${"0".repeat(26)}`;

/** Of `available` dollars, unless it says otherwise. */
export function line(
  direction: Direction,
  amount: number,
  more: Partial<ShownLine> = {},
): ShownLine {
  const money = { bucket: "available", currency: "USD" } as const;
  return { ...money, direction, amount, counterparty: someone, ...more };
}

/** What an authorization does in its wallet. */
export function reserving(amount: number): readonly ShownLine[] {
  return [line("debit", amount), line("credit", amount, { bucket: "reserved" })];
}

/** Of a new transaction. */
export function posting(lines: readonly ShownLine[], more: Partial<Posting> = {}): Posting {
  return {
    transactionId: transactionIdFor(tenant, newKey()),
    fingerprint: "fp1:leg",
    type: "transfer",
    lines: debitsFirst(lines),
    claims: [],
    ...more,
  };
}

/** Of a transaction that takes `amount` of what its origin has put into the account. */
export function endOf(
  { transactionId }: Posting,
  amount: number,
  lines: readonly ShownLine[] = [line("debit", amount, { bucket: "reserved" })],
): Posting {
  const refusal = "transaction_expired";
  const claims = [
    { key: `origin:${transactionId}`, amount, refusal: "insufficient_funds" },
  ] as const;
  return posting(lines, { claims, origin: { transactionId, refusal } });
}

export function inWallet(walletId: string, leg: Posting, decidedAt?: number): Side {
  return sideAt(walletAddress(walletId), leg, decidedAt);
}

/** Holds and posts a leg that the account admits. */
export async function settle(side: Side): Promise<Posting> {
  const vote = await side.hold();
  if (vote.vote !== "yes") throw new Error(`not held: ${JSON.stringify(vote)}`);
  await side.post();
  return side.call.posting;
}
