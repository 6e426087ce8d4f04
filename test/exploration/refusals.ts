// The refusals that a leg can be voted with, by number: those that its operation lists.
import type { Refusal, RefusalCode } from "../../src/domain/errors.ts";
import { operationOf } from "../../src/domain/operations/all.ts";
import type { PlacedLeg, Recorded } from "./plan-transaction.ts";
import type { LegModel, NumberedRefusal } from "./world.ts";

/** Of a movement that no operation makes. */
const movementCodes = [
  "wallet_not_found",
  "wallet_frozen",
  "duplicate_payment_reference",
  "insufficient_funds",
  "balance_limit_exceeded",
] as const;

type Named = Recorded & { readonly name: string };

/** `account`: as the leg names it. */
export function refusalsOf(
  account: string,
  { posting }: PlacedLeg,
  own: Named,
  all: readonly Named[],
): readonly NumberedRefusal[] {
  const codes = own.request ? operationOf(own.request).refusals : movementCodes;
  const released = { name: "released", refusal: { code: "transaction_expired" } } as const;
  const rivals = all.filter((one) => one.id !== own.id && claimsAny(one, posting.claims));
  const origin = all.find(({ id }) => id === own.originId);
  const numbered = (code: RefusalCode): readonly NumberedRefusal[] => {
    if (code === released.refusal.code) return [];
    if (origin && code === posting.origin?.refusal) return [naming(code, origin)];
    const isOwn = posting.claims.some(({ refusal }) => refusal === code);
    const named = rivals.filter((one) => isOwn || endsAs(one) === code);
    return named.length > 0
      ? named.map((one) => naming(code, one))
      : [{ name: code, refusal: { code, account } }];
  };
  const beyondCapacity = posting.claims.map(({ refusal: code }) => ({
    name: `${code}: more than there is`,
    refusal: { code, account },
  }));
  return [released, ...codes.flatMap(numbered), ...beyondCapacity];
}

function claimsAny({ legs }: Recorded, claims: readonly { readonly key: string }[]): boolean {
  const keys = legs.flatMap(({ posting }) => posting.claims.map(({ key }) => key));
  return claims.some(({ key }) => keys.includes(key));
}

function endsAs({ request }: Recorded): RefusalCode | undefined {
  return request && operationOf(request).endsAs;
}

function naming(code: RefusalCode, { name, id: transactionId }: Named): NumberedRefusal {
  return { name: `${code}: that of ${name}`, refusal: { code, transactionId } };
}

export function refusalOf({ refusals }: LegModel, number: number): Refusal {
  const found = refusals[number];
  if (!found) throw new Error(`no refusal has the number ${number}`);
  return found.refusal;
}

/** 0 where the operation does not list it. */
export function refusalNumber({ refusals }: LegModel, given: Refusal): number {
  const number = refusals.findIndex(
    ({ refusal: { code, account, transactionId } }) =>
      code === given.code && account === given.account && transactionId === given.transactionId,
  );
  return Math.max(number, 0);
}
