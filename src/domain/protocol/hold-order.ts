// The order in which the accounts of a transaction are asked for their holds. Pure: the log asks,
// and so does the explorer.
import { isOutside } from "../ledger/line.ts";
import type { Leg } from "./transaction.ts";

/** What the order goes by. */
interface OrderedLeg extends Pick<Leg, "account"> {
  readonly posting: Pick<Leg["posting"], "claims">;
}

/** Lists of legs, by their places. All lists begin at once; in a list, the next leg is asked after
 *  a YES of the one before. Legs with claims form one list, in an order that is the same for all
 *  transactions: so no two of them hold what the other one waits for. */
export function holdOrder(legs: readonly OrderedLeg[]): readonly (readonly number[])[] {
  const claiming = [...legs.entries()]
    .filter(([, { posting }]) => posting.claims.length > 0)
    .toSorted(([, one], [, other]) => compare(one.account, other.account))
    .map(([place]) => place);
  const [first] = claiming;
  return [...legs.keys()]
    .filter((place) => place === first || !claiming.includes(place))
    .map((place) => (place === first ? claiming : [place]));
}

/** Wallets by id, then the outside world. */
function compare(one: string, other: string): number {
  if (isOutside(one) !== isOutside(other)) return isOutside(one) ? 1 : -1;
  return one < other ? -1 : 1;
}
