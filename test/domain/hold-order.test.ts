// Guarantee: no two transactions hold what the other one waits for: accounts with claims are asked
// one after the other, in an order that does not depend on the transaction.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdOrder } from "../../src/domain/protocol/hold-order.ts";

const claim = { key: "payout:bank:1", amount: 1, refusal: "duplicate_payment_reference" } as const;

function leg(account: string, isClaiming = false) {
  return { account, posting: { claims: isClaiming ? [claim] : [] } };
}

const claiming = (account: string) => leg(account, true);
const [ada, bob, cid] = ["wal_A", "wal_B", "wal_C"] as const;
const outside = "external:bank";

describe("holds are asked for", () => {
  it("all at once where one account has claims, or none", () => {
    expect(holdOrder([leg(ada), leg(bob)])).toEqual([[0], [1]]);
    expect(holdOrder([claiming(outside), leg(ada)])).toEqual([[0], [1]]);
    expect(holdOrder([leg(ada), claiming(outside), leg(bob)])).toEqual([[0], [1], [2]]);
    expect(holdOrder([])).toEqual([]);
  });

  it("one after the other where accounts have claims: wallets by id, then the outside world", () => {
    expect(holdOrder([claiming(bob), claiming(ada)])).toEqual([[1, 0]]);
    expect(holdOrder([claiming(outside), claiming(ada)])).toEqual([[1, 0]]);
    expect(holdOrder([claiming(outside), claiming(bob), claiming(ada)])).toEqual([[2, 1, 0]]);
  });

  it("of accounts without claims together with the first that has some", () => {
    const legs = [claiming(bob), leg(cid), claiming(ada), leg(outside)];
    expect(holdOrder(legs)).toEqual([[1], [2, 0], [3]]);
  });

  it("once of every account, and of two accounts in the same order by every transaction", () => {
    const accounts = fc.uniqueArray(fc.constantFrom(ada, bob, cid, outside));
    const transaction = accounts.chain((names) =>
      fc.tuple(...names.map((name) => fc.boolean().map((claims) => leg(name, claims)))),
    );
    const rank = [ada, bob, cid, outside] as readonly string[];
    fc.assert(
      fc.property(transaction, (legs) => {
        const order = holdOrder(legs);
        expect(order.flat()).toHaveLength(legs.length);
        expect(new Set(order.flat())).toEqual(new Set(legs.keys()));
        for (const places of order) {
          const ranks = places.map((place) => rank.indexOf(legs[place]?.account ?? ""));
          expect(ranks).toEqual(ranks.toSorted((one, other) => one - other));
        }
        const chains = order.filter((places) => places.length > 1);
        expect(chains.length).toBeLessThanOrEqual(1);
        const claimants = legs.filter(({ posting }) => posting.claims.length > 0).length;
        expect(chains[0]?.length ?? 0).toBe(claimants > 1 ? claimants : 0);
      }),
    );
  });
});
