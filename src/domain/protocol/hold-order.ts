// The order in which the accounts of a transaction are asked for their holds. Pure: the log asks,
// and so does the explorer.
import { compareAccounts } from "../ledger/line.ts";
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
    .toSorted(([, one], [, other]) => compareAccounts(one.account, other.account))
    .map(([place]) => place);
  const [first] = claiming;
  return [...legs.keys()]
    .filter((place) => place === first || !claiming.includes(place))
    .map((place) => (place === first ? claiming : [place]));
}
