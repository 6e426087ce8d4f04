// Refusals that a log has recorded: final for their key, the same bytes at every repetition.
import { expect } from "vitest";
import type { RefusalCode } from "../../src/domain/errors.ts";
import { transactionIdFor } from "../../src/domain/ids.ts";
import { expectProblem, get, post, type Answer } from "./http.ts";
import { tenant } from "./caller.ts";
import { newKey } from "./keys.ts";

const paths = {
  fund: "/transactions/fund",
  transfer: "/transactions/transfer",
  withdraw: "/transactions/withdraw",
  split: "/transactions",
} as const;

export type Operation = keyof typeof paths;

/** Sends the request, expects the refusal and that it is recorded: replayed to the byte, and shown
 *  with the transaction. Returns the first answer. */
export async function expectRecorded(
  operation: Operation,
  body: object,
  status: number,
  code: RefusalCode,
  key: string = newKey(),
): Promise<Answer> {
  return await expectRecordedAt(paths[operation], body, status, code, key);
}

/** The same at any path. */
export async function expectRecordedAt(
  path: string,
  body: object,
  status: number,
  code: RefusalCode,
  key: string = newKey(),
): Promise<Answer> {
  const first = await post(path, body, key);
  expectProblem(first, status, code);
  expect(first.headers.has("idempotent-replayed")).toBe(false);
  expect(first.body["instance"]).toBe(`/transactions/${transactionIdFor(tenant, key)}`);
  expect(Object.keys(first.body)).not.toContain("requestId");
  await expectReplayed(path, body, key, first);

  const read = await get(String(first.body["instance"]));
  expect(read.body).toMatchObject({ status: "rejected", problem: first.body });
  return first;
}

/** The same request again gives the same bytes, and says so. */
export async function expectReplayed(
  path: string,
  body: object,
  key: string,
  first: Answer,
): Promise<void> {
  const again = await post(path, body, key);
  expect([again.status, again.text]).toEqual([first.status, first.text]);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(again.headers.get("location")).toBe(first.headers.get("location"));
}

/** Freezes a wallet, or thaws it. */
export async function setFrozen(walletId: string, frozen: boolean): Promise<void> {
  const { status, text } = await post(`/wallets/${walletId}/freezes`, { frozen, reason: "test" });
  if (status !== 201) throw new Error(text);
}
