// Protects: a call that brought no answer means that the outcome is unknown, and is told so. It is
// never turned into a business answer, and the same key leads to the one effect.
import { describe, expect, test } from "vitest";
import { transactionIdFor, userIdFor } from "../../../src/domain/ids.ts";
import { balanceOf, expectProblem, get, openFunded, post } from "../../support/http.ts";
import { newKey, tenant } from "../../support/ledger.ts";
import { sendWithFault } from "../../support/platform-faults.ts";
import { goodWrites } from "../../support/writes.ts";

const { userId, walletId } = await openFunded(5);
const unreachable = { flags: { retryable: true }, calls: 3 } as const;
const overloaded = { flags: { overloaded: true, retryable: true }, calls: 1 } as const;

const ofOneObject = [
  ["WALLET", `/users/${userId}`],
  ["WALLET", `/wallets/${walletId}/balance`],
  ["WALLET", `/transactions?walletId=${walletId}`],
  ["TRANSFER_LOG", `/transactions/${transactionIdFor(tenant, newKey())}`],
] as const;
const ofAllShards = [
  ["WALLET", `/wallets/${walletId}/audit`],
  ["TRANSFER_LOG", "/ops/unsettled"],
] as const;

test.each([...ofOneObject, ...ofAllShards])(
  "%s asks for less load and is not asked again: %s",
  async (binding, path) => {
    const answer = await sendWithFault(binding, { ...overloaded, when: "before" }, "GET", path);
    expectProblem(answer, 503, "overloaded");
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(answer.text).not.toContain("data centre");
  },
);

test.each(ofOneObject)("%s is reached at the third attempt: %s", async (binding, path) => {
  const twice = { ...unreachable, calls: 2, when: "before" } as const;
  const { status } = await sendWithFault(binding, twice, "GET", path);
  expect(status).toBe((await get(path)).status);
  const always = { ...unreachable, when: "before" } as const;
  expectProblem(await sendWithFault(binding, always, "GET", path), 503, "overloaded");
});

describe("a write", () => {
  const headersOf = (key: string) => ({
    "content-type": "application/json",
    "idempotency-key": key,
  });

  test.each(["before", "after"] as const)("whose calls are lost %s they arrive", async (when) => {
    for (const { path, body } of await goodWrites()) {
      const binding = path === "/users" ? "WALLET" : "TRANSFER_LOG";
      const key = newKey();
      const init = { headers: headersOf(key), body: JSON.stringify(body) };
      const lost = { ...unreachable, when };
      const answer = await sendWithFault(binding, lost, "POST", path, init);
      expectProblem(answer, 503, "overloaded");

      const repeated = await post(path, body, key);
      expect(repeated.status).toBe(201);
      const replayed = when === "after" ? "true" : null;
      expect(repeated.headers.get("idempotent-replayed")).toBe(replayed);
      const { toWalletId, walletId: funded } = body;
      const credited = toWalletId ?? funded;
      if (credited) expect(await balanceOf(String(credited))).toBe(5);
    }
  });

  test("whose first answer is lost is answered as a repetition of itself", async () => {
    const key = newKey();
    const init = { headers: headersOf(key), body: JSON.stringify({ name: "Ada" }) };
    const once = { flags: { retryable: true }, when: "after", calls: 1 } as const;
    const answer = await sendWithFault("WALLET", once, "POST", "/users", init);
    expect([answer.status, answer.body["id"]]).toEqual([201, userIdFor(tenant, key)]);
  });

  test("to an impossible wallet is not refused while its key cannot be looked up", async () => {
    const init = {
      headers: headersOf(newKey()),
      body: JSON.stringify({ fromWalletId: "wal_1", toWalletId: walletId, amount: 1 }),
    };
    const lost = { ...unreachable, when: "before" } as const;
    const path = "/transactions/transfer";
    expectProblem(await sendWithFault("TRANSFER_LOG", lost, "POST", path, init), 503, "overloaded");
  });
});
