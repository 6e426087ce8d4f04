// The writes of the API, for what holds for each of them: a path, and a body that would be accepted.
import { newFunding, newTransfer, posting } from "./http-ledger.ts";
import { openFunded, openUser } from "./http-users.ts";

export interface Write {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Each write with a body that is good once; the wallets are new. */
export async function goodWrites(): Promise<readonly [Write, Write, Write, ...Write[]]> {
  const [funded, from, to] = await Promise.all([openUser(), openFunded(1_000), openUser()]);
  return [
    { path: "/users", body: { name: "Ada" } },
    { path: "/transactions/fund", body: newFunding(funded.walletId, 5) },
    { path: "/transactions/transfer", body: newTransfer(from.walletId, to.walletId, 5) },
    { path: "/transactions/split", body: { postings: [posting(from.walletId, to.walletId, 5)] } },
    { path: `/wallets/${to.walletId}/freezes`, body: { frozen: true, reason: "stolen" } },
  ];
}
