// Guarantee: a key names one act. Used for another one of the same wallet it is refused, and the
// wallet stays as it was.
import { expect, test } from "vitest";
import { expectProblem, get, post } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const act = { frozen: true, reason: "Reported as stolen" };

test.each<[string, object]>([
  ["another reason", { reason: "Reported as lost" }],
  ["a thaw", { frozen: false }],
])("idempotency_key_reused: %s", async (_, change) => {
  const { walletId } = await openUser();
  const [path, key] = [`/wallets/${walletId}/freezes`, newKey()];
  const first = await post(path, act, key);
  expectProblem(await post(path, { ...act, ...change }, key), 422, "idempotency_key_reused");
  expect((await get(path)).body["data"]).toEqual([first.body]);
});
