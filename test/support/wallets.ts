// Wallets without HTTP: opens, funds, freezes and reads them through the objects themselves, as the
// edge does. Every wallet is a new user's.
import { env } from "cloudflare:workers";
import { fingerprintFreeze, fingerprintUser } from "../../src/domain/fingerprint.ts";
import { freezeIdFor, userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import type { BalanceReading } from "../../src/durable-objects/wallet/contract.ts";
import { walletStub } from "../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "./caller.ts";
import { newKey } from "./keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "./ledger.ts";

/** Opens a wallet for a new user and returns its id. */
export async function openWallet(name = "Ada"): Promise<string> {
  const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
  const profile = { name };
  const opened = { ...call, walletId, profile, fingerprint: fingerprintUser(profile) };
  const result = await walletStub(env, tenant, walletId).open(opened);
  if (!result.ok) throw new Error(result.problem);
  return walletId;
}

/** Freezes a wallet, or thaws it. */
export async function freeze(walletId: string, frozen: boolean): Promise<void> {
  const act = { frozen, reason: "test" };
  const freezeId = freezeIdFor(tenant, walletId, newKey());
  const asked = { ...call, walletId, principal: "test", freezeId };
  const wallet = walletStub(env, tenant, walletId);
  const result = await wallet.freeze({ ...asked, ...act, fingerprint: fingerprintFreeze(act) });
  if (!result.ok) throw new Error(result.problem);
}

/** Opens a wallet that holds `amount`. */
export async function fundedWallet(amount: number): Promise<string> {
  const walletId = await openWallet();
  const funded = await submit(submission(funding(walletId, amount)));
  if (outcomeOf(funded) !== "committed") throw new Error(`funding: ${outcomeOf(funded)}`);
  return walletId;
}

export async function readBalance(walletId: string): Promise<BalanceReading> {
  const reading = await walletStub(env, tenant, walletId).readBalance({ ...call, walletId });
  if (!reading.ok) throw new Error(reading.problem);
  return reading;
}

/** The balance in USD. */
export async function balanceOf(walletId: string): Promise<number> {
  const { positions } = await readBalance(walletId);
  return positions.find((position) => position.currency === "USD")?.balance ?? 0;
}

/** A submission of each operation that will commit, with wallets of its own: makes it, sends nothing. */
export const committable = {
  transfer: async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    return submission(transfer(sender, receiver, 40));
  },
  funding: async () => submission(funding(await openWallet(), 40)),
};
