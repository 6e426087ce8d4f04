// Guarantee: a call that brought no answer means that the outcome is unknown, and is told so. It is
// never turned into a business answer, and the same key leads to the one effect.
import { describe, expect, test } from "vitest";
import { transactionIdFor, userIdFor } from "../../../src/domain/ids.ts";
import { expectProblem, get, post } from "../../support/http.ts";
import { balanceOf, openFunded } from "../../support/http-users.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { goodWrites } from "../../support/writes.ts";

const { userId, walletId } = await openFunded(5);
const network = useFaultyNetwork();

const ofOneObject = [
  ["profile", `/users/${userId}`],
  ["readBalance", `/wallets/${walletId}/balance`],
  ["readHistory", `/transactions?walletId=${walletId}`],
  ["freezes", `/wallets/${walletId}/freezes`],
  ["find", `/transactions/${transactionIdFor(tenant, newKey())}`],
] as const;
const ofAllShards = [
  ["audit", `/wallets/${walletId}/audit`],
  ["unsettled", "/ops/unsettled"],
] as const;

test.each([...ofOneObject, ...ofAllShards])(
  "an object that asks for less load is not asked again: %s",
  async (method, path) => {
    const { count } = network.every(method, "overloaded");
    const answer = await get(path);
    expectProblem(answer, 503, "overloaded");
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(answer.text).not.toContain("Durable Object");
    if (method !== "unsettled") expect(count().attempts).toBe(1);
  },
);

test.each(ofOneObject)("an object is reached at the third attempt: %s", async (method, path) => {
  const healthy = await get(path);
  network.next(method, "retryable");
  network.next(method, "drop_before");
  expect((await get(path)).status).toBe(healthy.status);
  const { count } = network.every(method, "retryable");
  expectProblem(await get(path), 503, "overloaded");
  expect(count().attempts).toBe(3);
});

function methodOf(path: string): string {
  if (path === "/users") return "open";
  if (path === "/transactions/batch") return "submitBatch";
  return path.endsWith("/freezes") ? "freeze" : "submit";
}

describe("a ring of keys that does not answer", () => {
  const root = bootstrapFor("main");
  const settings = { BOOTSTRAP_KEY: root.setting };

  test("does not make a stranger of its key's holder, nor a friend of a stranger", async () => {
    const { text } = await new ClosedService(settings).createKey(root.text, ["wallets:read"]);
    network.every("lookUp", "drop_before");
    const service = new ClosedService(settings);
    expectProblem(await service.send("GET", `/users/${userId}`, text), 503, "overloaded");
    network.heal();
    expect((await service.send("GET", `/users/${userId}`, text)).status).toBe(200);
    network.every("lookUp", "drop_before");
    // What is remembered bridges the time that it may be remembered.
    expect((await service.send("GET", `/users/${userId}`, text)).status).toBe(200);
  });

  test.each(["drop_before", "drop_after"] as const)(
    "creates one key, and shows it: %s",
    async (fault) => {
      const service = new ClosedService(settings);
      network.next("create", fault);
      const { text } = await service.createKey(root.text, ["wallets:read"]);
      expect((await service.send("GET", `/users/${userId}`, text)).status).toBe(200);
    },
  );

  test("is not left out of a list, and revokes at the next attempt", async () => {
    const service = new ClosedService(settings);
    const { id } = await service.createKey(root.text, ["wallets:read"]);
    network.every("list", "overloaded");
    expectProblem(await service.send("GET", "/admin/keys", root.text), 503, "overloaded");
    network.heal();
    network.next("revoke", "drop_after");
    const { status } = await service.send("DELETE", `/admin/keys/${id}`, root.text);
    expect(status).toBe(200);
  });
});

describe("a write", () => {
  test.each(["drop_before", "drop_after"] as const)("whose calls all %s", async (fault) => {
    for (const { path, body, success } of await goodWrites()) {
      const key = newKey();
      network.every(methodOf(path), fault);
      expectProblem(await post(path, body, key), 503, "overloaded");
      network.heal();

      const repeated = await post(path, body, key);
      expect(repeated.status).toBe(success);
      const replayed = fault === "drop_after" ? "true" : null;
      expect(repeated.headers.get("idempotent-replayed")).toBe(replayed);
      const funded = "paymentReference" in body ? body["walletId"] : undefined;
      const credited = body["toWalletId"] ?? funded;
      if (typeof credited === "string") expect(await balanceOf(credited)).toBe(5);
    }
  });

  test("whose first answer is lost is answered as a repetition of itself", async () => {
    const key = newKey();
    network.next("open", "drop_after");
    const answer = await post("/users", { name: "Ada" }, key);
    expect([answer.status, answer.body["id"]]).toEqual([201, userIdFor(tenant, key)]);
  });

  test("to an impossible wallet is not refused while its key cannot be looked up", async () => {
    network.every("isUsed", "drop_before");
    const body = { fromWalletId: "wal_1", toWalletId: walletId, amount: 1 };
    expectProblem(await post("/transactions/transfer", body), 503, "overloaded");
  });
});
