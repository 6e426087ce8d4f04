// For every invariant of refusals, a fault that breaks it. See planted-faults.ts.
import type { Recorded } from "./books.ts";
import { found, recorded, rewrite, richWallet, type PlantedFault } from "./planting.ts";
import type { Simulation } from "./simulation.ts";

/** When most was settled already. */
function lastRejected({ books }: Simulation): Recorded {
  const rejected = [...books.transactions()].filter(({ state }) => state === "rejected");
  return found(rejected.toSorted((left, right) => left.recordedAt - right.recordedAt).at(-1));
}

export const plantedRefusals: readonly PlantedFault[] = [
  {
    invariant: "refusals-are-justified",
    fault: "the account had what was asked of it",
    plant: ({ refusals }) => {
      const [refused] = refusals;
      const { book } = found(refused);
      const refusal = { code: "insufficient_funds", account: book.address.id } as const;
      const piles = new Map(["USD", "EUR", "JPY"].map((one) => [`available ${one}`, 2n ** 53n]));
      refusals.push({ ...found(refused), refusal, piles, held: [] });
    },
  },
  {
    invariant: "open-wallets-are-found",
    fault: "a wallet is said not to exist long after it was opened",
    plant: ({ network }) => {
      const cast = found(network.votes.find(({ vote }) => vote.vote === "yes"));
      const refusal = { code: "wallet_not_found", account: "wal_X" } as const;
      network.votes.push({ ...cast, arrivedAt: Infinity, vote: { vote: "no", refusal } });
    },
  },
  {
    invariant: "what-fits-is-not-refused",
    fault: "a debit of 1 is refused in a rich wallet",
    plant: (simulation) => {
      const rejected = lastRejected(simulation);
      const account = richWallet(simulation).address.id;
      const line = [account, "outside", "available", "debit", "USD", 1];
      const refusal = { code: "insufficient_funds", account };
      const columns = `refusal = '${JSON.stringify(refusal)}', lines = '${JSON.stringify([line])}'`;
      rewrite(simulation, rejected, columns);
    },
  },
  {
    invariant: "nothing-is-held-up",
    fault: "a transaction has expired in a seed without faults",
    plant: (simulation) =>
      rewrite(
        simulation,
        recorded(simulation, ({ state }) => state === "rejected"),
        `refusal = '{"code":"transaction_expired"}'`,
      ),
  },
];
