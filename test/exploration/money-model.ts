// The money of an account: its piles after the entries of a state, and what is checked of an entry.
import type { Funds } from "../../src/domain/admission/rule.ts";
import { amountMax } from "../../src/domain/limits.ts";
import { signed } from "../../src/domain/ledger/money.ts";
import type { State } from "./layout.ts";
import type { Model } from "./model.ts";
import type { AccountModel, LegModel } from "./world.ts";

/** The opening amounts, in the order of the account's piles. */
export function openingOf({ piles }: AccountModel): number[] {
  return piles.map(({ opening }) => opening);
}

/** Adds one line of a leg, as an entry or against the sign. */
export function addLine(amounts: number[], { posting, piles }: LegModel, line: number): void {
  const { direction, amount } = posting.lines[line]!;
  amounts[piles[line]!]! += signed(direction, amount);
}

export function addLeg(amounts: number[], leg: LegModel): void {
  for (let line = 0; line < leg.piles.length; line++) addLine(amounts, leg, line);
}

/** The sums over the entries. */
export function amountsOf(state: State, account: AccountModel): number[] {
  const amounts = openingOf(account);
  for (const leg of account.legs) {
    const entries = state[leg.entries]!;
    for (let entry = 0; entry < entries; entry++) addLine(amounts, leg, entry % leg.piles.length);
  }
  return amounts;
}

function amountOf(
  { piles }: AccountModel,
  amounts: readonly number[],
  bucket: "available" | "reserved",
  currency: string,
): number {
  const place = piles.findIndex((one) => one.bucket === bucket && one.currency === currency);
  return place < 0 ? 0 : amounts[place]!;
}

/** As the rules of admission see it, for each currency of the new leg. */
export function fundsOf(
  { rules }: Model,
  { account, posting }: LegModel,
  amounts: readonly number[],
  held: readonly LegModel[],
): ReadonlyMap<string, Funds> {
  const heldPostings = held.map((leg) => leg.posting);
  const funds = new Map<string, Funds>();
  for (const { currency } of posting.lines) {
    if (funds.has(currency)) continue;
    const available = amountOf(account, amounts, "available", currency);
    const reserved = amountOf(account, amounts, "reserved", currency);
    const undecided = rules.undecidedOf(heldPostings, currency);
    funds.set(currency, { posted: { available, reserved }, undecided });
  }
  return funds;
}

/** After each entry its pile is not negative, and the wallet's balance an exact number. */
export function checkEntry({ blame }: Model, account: AccountModel, amounts: readonly number[]) {
  if (!account.isWallet) return;
  if (amounts.some((amount) => amount < 0)) {
    blame(`an entry in ${account.name} leaves less than nothing`);
  }
  for (const { currency } of account.piles) {
    const available = amountOf(account, amounts, "available", currency);
    if (available > amountMax - amountOf(account, amounts, "reserved", currency)) {
      blame(`an entry in ${account.name} leaves more than the largest balance`);
    }
  }
}
