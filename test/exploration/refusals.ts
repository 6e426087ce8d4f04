// The refusals that a leg can be voted with, by number.
import type { Refusal } from "../../src/domain/errors.ts";
import type { LegModel, NumberedRefusal } from "./world.ts";

const ownCodes = [
  "wallet_not_found",
  "wallet_frozen",
  "insufficient_funds",
  "balance_limit_exceeded",
  "duplicate_payment_reference",
] as const;

const duplicateCodes = ["duplicate_payment_reference", "duplicate_payout_reference"] as const;

interface Named {
  readonly id: string;
  readonly name: string;
}

/** `account`: as the leg names it. `origin`: that of the leg, if it has one. */
export function refusalsOf(
  account: string,
  transactions: readonly Named[],
  origin: Named | undefined,
): readonly NumberedRefusal[] {
  const released = { name: "released", refusal: { code: "transaction_expired" } } as const;
  const own = ownCodes.map((code) => ({ name: code, refusal: { code, account } }));
  const duplicates = transactions.flatMap(({ name, id: transactionId }) =>
    duplicateCodes.map((code) => ({
      name: `${code}: that of ${name}`,
      refusal: { code, transactionId },
    })),
  );
  const never = origin && {
    name: `${origin.name} never took place`,
    refusal: { code: "transaction_expired", transactionId: origin.id } as const,
  };
  return [released, ...own, ...duplicates, ...(never ? [never] : [])];
}

export function refusalOf({ refusals }: LegModel, number: number): Refusal {
  const found = refusals[number];
  if (!found) throw new Error(`no refusal has the number ${number}`);
  return found.refusal;
}

export function refusalNumber({ refusals, name }: LegModel, given: Refusal): number {
  const number = refusals.findIndex(
    ({ refusal: { code, account, transactionId } }) =>
      code === given.code && account === given.account && transactionId === given.transactionId,
  );
  if (number < 0) throw new Error(`${name} cannot be refused with ${JSON.stringify(given)}`);
  return number;
}
