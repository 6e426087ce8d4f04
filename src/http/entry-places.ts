// Where the lines of a transaction stand in the caller's own wallets, and what they left there: the
// same numbers at any age, since entries are immutable. Asks each of these wallets.
import type { AccountLine } from "../domain/ledger/line.ts";
import { debitsFirst, isOutside } from "../domain/ledger/line.ts";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import { callFromEdge, walletStub } from "../durable-objects/rpc/stubs.ts";
import type { EntryPlace } from "../durable-objects/wallet/contract.ts";
import { mayUseWallet } from "./access.ts";
import { callOf, type AppContext } from "./context.ts";

export type EntryPlaces = ReadonlyMap<AccountLine, EntryPlace>;

/** Of lines that are posted. Throws where a wallet does not answer: what is not known is not
 *  answered as not posted. */
export async function readEntryPlaces(
  c: AppContext,
  { id: transactionId, tenant, state, lines }: TransactionRecord,
): Promise<EntryPlaces> {
  const own = lines.filter(
    ({ account }) => !isOutside(account) && mayUseWallet(c.get("principal"), account),
  );
  const wallets = state === "committed" ? [...Map.groupBy(own, ({ account }) => account)] : [];
  const places = wallets.map(async ([walletId, ofWallet]) => {
    const call = { ...callOf(c), walletId, transactionId };
    const read = await callFromEdge(() => walletStub(c.env, tenant, walletId).readEntries(call));
    if (!read.ok) throw new Error("a wallet with a committed leg is not open");
    // Entries are in the order of their postings.
    const posted = debitsFirst(ofWallet);
    return read.entries.map((place, index) => [posted[index], place] as const);
  });
  const found = (await Promise.all(places)).flat();
  return new Map(found.flatMap(([line, place]) => (line ? [[line, place] as const] : [])));
}
