// Guarantee: a question that is not as the contract says is refused with what is wrong, and never
// answered with something else than was asked.
import { expect, test } from "vitest";
import { expectProblem, get, pathsOf } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";

const { walletId } = await openUser();

test.each([
  ["a currency that does not exist", "currency=ZZZ", "currency"],
  ["a currency in lower case", "currency=usd", "currency"],
  ["an empty currency", "currency=", "currency"],
  ["white space around the currency", "currency=%20USD", "currency"],
  ["NUL behind the currency", "currency=USD%00", "currency"],
  ["two currencies", "currency=USD&currency=EUR", "currency"],
  ["the same currency twice", "currency=USD&currency=USD", "currency"],
  ["a list", "currency[]=USD", "currency[]"],
  ["an unknown parameter", "at=2026-10-20T09:30:00Z", "at"],
  ["a parameter in another case", "Currency=USD", "Currency"],
  ["a name of the language", "__proto__=1", "__proto__"],
])("validation_failed: %s", async (_, query, path) => {
  const answer = await get(`/wallets/${walletId}/balance?${query}`);
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual([path]);
});

test("the question is looked at before the wallet", async () => {
  expectProblem(await get("/wallets/wal_1/balance?currency=ZZZ"), 400, "validation_failed");
});
