// Users and their wallets over HTTP: opens them, with money or without, and reads their balance.
import { fund, newFunding } from "./http-ledger.ts";
import { get, post } from "./http.ts";
import { newKey } from "./keys.ts";

export interface OpenedUser {
  readonly userId: string;
  readonly walletId: string;
}

export async function openUser(name = "Ada", key = newKey()): Promise<OpenedUser> {
  const { status, body, text } = await post("/users", { name }, key);
  if (status !== 201) throw new Error(text);
  return { userId: String(body["id"]), walletId: String(body["walletId"]) };
}

/** Opens a user whose wallet holds `amount`. */
export async function openFunded(amount: number, more: object = {}): Promise<OpenedUser> {
  const user = await openUser();
  const { status, text } = await fund(newFunding(user.walletId, amount, more));
  if (status !== 201) throw new Error(text);
  return user;
}

/** The balance in the default currency. */
export async function balanceOf(walletId: string): Promise<unknown> {
  return (await get(`/wallets/${walletId}/balance`)).body["balance"];
}
