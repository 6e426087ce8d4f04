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

/** The body of a withdrawal; the payout reference is new unless it is given. */
export function newWithdrawal(walletId: string, amount: number, more: object = {}) {
  return { walletId, amount, payoutReference: newKey(), ...more };
}

/** One posting of a split; `from` may be "external". */
export function posting(from: string, to: string, amount: number, currency?: string) {
  return { from, to, amount, ...(currency !== undefined && { currency }) };
}

export const fund = (body: object, key?: string) => post("/transactions/fund", body, key);
export const transfer = (body: object, key?: string) => post("/transactions/transfer", body, key);
export const withdraw = (body: object, key?: string) => post("/transactions/withdraw", body, key);
export const split = (body: object, key?: string) => post("/transactions", body, key);

/** An item of a batch: the body of its operation, with its name. */
export const item = (operation: string, body: object) => ({ operation, ...body });
export const batch = (items: readonly object[], key?: string) =>
  post("/transactions/batch", { items }, key);

export const reversePath = (transactionId: unknown) =>
  `/transactions/${String(transactionId)}/reverse`;
export const reverse = (transactionId: unknown, body: object = {}, key?: string) =>
  post(reversePath(transactionId), body, key);

/** The body of an authorization. */
export function newAuthorization(from: string, to: string, amount: number, more: object = {}) {
  return newTransfer(from, to, amount, { capture: "manual", ...more });
}

/** The id of a transaction that has to succeed. */
async function idOf(answer: ReturnType<typeof post>): Promise<string> {
  const { status, text, body } = await answer;
  if (status !== 201) throw new Error(text);
  return String(body["id"]);
}

/** Of money that is there. */
export const authorize = (from: string, to: string, amount: number, more: object = {}) =>
  idOf(transfer(newAuthorization(from, to, amount, more)));

/** The body of an authorization of a withdrawal, without a payout reference unless it is given. */
export function newPayout(walletId: string, amount: number, more: object = {}) {
  return { walletId, amount, capture: "manual", ...more };
}

/** Of money that is there. */
export const authorizePayout = (walletId: string, amount: number, more: object = {}) =>
  idOf(withdraw(newPayout(walletId, amount, more)));

export const capture = (id: string, body: object = {}, key?: string) =>
  post(`/transactions/${id}/capture`, body, key);
export const cancel = (id: string, body: object = {}, key?: string) =>
  post(`/transactions/${id}/cancel`, body, key);
