// Money operations over HTTP, each with a fresh key and a fresh payment reference unless it is given
// one. Every answer is checked as in http.ts.
import { post } from "./http.ts";
import { newKey } from "./keys.ts";

/** The body of a funding; the payment reference is new unless it is given. */
export function newFunding(walletId: string, amount: number, more: object = {}) {
  return { walletId, amount, paymentReference: newKey(), ...more };
}

export function newTransfer(from: string, to: string, amount: number, more: object = {}) {
  return { fromWalletId: from, toWalletId: to, amount, ...more };
}

/** One posting of a split; `from` may be "external". */
export function posting(from: string, to: string, amount: number, currency?: string) {
  return { from, to, amount, ...(currency !== undefined && { currency }) };
}

export const fund = (body: object, key?: string) => post("/transactions/fund", body, key);
export const transfer = (body: object, key?: string) => post("/transactions/transfer", body, key);
export const split = (body: object, key?: string) => post("/transactions/split", body, key);
