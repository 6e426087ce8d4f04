// Guarantee: what is no request for a reversal is told apart before any transaction is looked for.
import { expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { newTransfer, reverse, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";

const bad: readonly (readonly [path: string, body: object])[] = [
  ["amount", { amount: 0 }],
  ["amount", { amount: -1 }],
  ["amount", { amount: "1" }],
  ["amount", { amount: 2 ** 53 }],
  ["amount", { amount: null }],
  ["reason", { reason: "" }],
  ["reason", { reason: "x".repeat(501) }],
  ["currency", { currency: "USD" }],
  ["description", { description: "why" }],
  ["metadata", { metadata: {} }],
];

test.each(bad)("%s: %o", async (path, body) => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const original = await transfer(newTransfer(from.walletId, to.walletId, 10));
  const answer = await reverse(original.body["id"], body);
  expectProblem(answer, 400, "validation_failed");
  const errors = answer.body["errors"] as readonly { readonly path: string }[];
  expect(new Set(errors.map((error) => error.path))).toEqual(new Set([path]));
  expectProblem(await reverse("txn_1", body), 400, "validation_failed");
  expect(await balanceOf(to.walletId)).toBe(10);
});
