// Guarantee: what belongs to another tenant behaves exactly like what does not exist, to the byte
// but for ids; what one tenant uses up, another may still use.
import { describe, expect, test } from "vitest";
import { transactionIdFor, userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem, type Answer } from "../../support/http.ts";
import { newFunding, newTransfer, newWithdrawal } from "../../support/http-ledger.ts";
import { newKey } from "../../support/keys.ts";

interface Tenant {
  readonly service: ClosedService;
  readonly root: string;
}

function tenant(name: string): Tenant {
  const root = bootstrapFor(name);
  return {
    service: new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings }),
    root: root.text,
  };
}

const [a, b] = [tenant("tenant-a"), tenant("tenant-b")];
const sameId = { headers: { "x-request-id": "same" } };
const get = ({ service, root }: Tenant, path: string) => service.send("GET", path, root, sameId);
const post = ({ service, root }: Tenant, path: string, body: object, key = newKey()) =>
  service.send("POST", path, root, { ...sameId, body, key });

async function openFunded(of: Tenant, amount: number) {
  const user = await post(of, "/users", { name: "Ada" });
  const walletId = String(user.body["walletId"]);
  const funded = await post(of, "/transactions/fund", newFunding(walletId, amount));
  return { userId: String(user.body["id"]), walletId, fundingId: String(funded.body["id"]) };
}

const theirs = await openFunded(b, 100);
const ours = await openFunded(a, 100);
const missing = userIdFor("tenant-a", newKey());
const missingWallet = walletIdOfUser(missing);

/** Two answers that differ in the ids that were asked for, and in nothing else. */
function expectSame(foreign: Answer, unknown: Answer, ids: readonly (readonly string[])[]): void {
  let text = unknown.text;
  for (const [from = "", to = ""] of ids) text = text.replaceAll(from, to);
  expect([foreign.status, foreign.text]).toEqual([unknown.status, text]);
  expect([...foreign.headers.keys()]).toEqual([...unknown.headers.keys()]);
  expect(foreign.status).toBe(404);
}

function pathFor(body: object): string {
  if ("payoutReference" in body) return "/transactions/withdraw";
  return "paymentReference" in body ? "/transactions/fund" : "/transactions/transfer";
}

describe("another tenant's", () => {
  test.each<[string, (id: string) => string]>([
    ["user", (id) => `/users/${id}`],
    ["balance", (id) => `/wallets/${id}/balance`],
    ["history", (id) => `/transactions?walletId=${id}`],
    ["audit", (id) => `/wallets/${id}/audit`],
  ])("%s is not found", async (_what, pathOf) => {
    const [foreign, unknown] = [await get(a, pathOf(theirs.userId)), await get(a, pathOf(missing))];
    expectSame(foreign, unknown, [[missing, theirs.userId]]);
    expect((await get(b, pathOf(theirs.userId))).status).toBe(200);
  });

  test("transaction is not found", async () => {
    const unknownId = transactionIdFor("tenant-a", newKey());
    const [foreign, unknown] = [
      await get(a, `/transactions/${theirs.fundingId}`),
      await get(a, `/transactions/${unknownId}`),
    ];
    expectSame(foreign, unknown, [[unknownId, theirs.fundingId]]);
  });

  test("wallet takes no money and gives none", async () => {
    for (const write of [
      (walletId: string) => newFunding(walletId, 5),
      (walletId: string) => newWithdrawal(walletId, 5),
      (walletId: string) => newTransfer(walletId, ours.walletId, 5),
      (walletId: string) => newTransfer(ours.walletId, walletId, 5),
    ]) {
      const path = pathFor(write(""));
      const keys = [newKey(), newKey()] as const;
      const foreign = await post(a, path, write(theirs.walletId), keys[0]);
      const unknown = await post(a, path, write(missingWallet), keys[1]);
      const [foreignId, unknownId] = keys.map((key) => transactionIdFor("tenant-a", key));
      expectSame(foreign, unknown, [
        [unknownId ?? "", foreignId ?? ""],
        [missingWallet, theirs.walletId],
      ]);
    }
    expect((await get(b, `/wallets/${theirs.walletId}/balance`)).body["balance"]).toBe(100);
    expect((await get(a, `/wallets/${ours.walletId}/balance`)).body["balance"]).toBe(100);
  });

  test("cursor is refused", async () => {
    await post(b, "/transactions/fund", newFunding(theirs.walletId, 1));
    const path = `/transactions?walletId=${theirs.walletId}&limit=1`;
    const cursor = String((await get(b, path)).body["nextCursor"]);
    expect((await get(b, `${path}&cursor=${cursor}`)).status).toBe(200);
    const foreign = await get(a, `${path}&cursor=${cursor}`);
    const nonsense = await get(a, `${path}&cursor=${cursor.slice(1)}`);
    expectProblem(foreign, 400, "validation_failed");
    expect(foreign.text).toBe(nonsense.text);
  });

  test("unfinished work is not listed", async () => {
    expect((await get(a, "/ops/unsettled")).body).toEqual({ data: [], unreachableShards: 0 });
  });
});

describe("what one tenant has used, another may use", () => {
  test("an idempotency key", async () => {
    const key = newKey();
    const answers = [
      await post(a, "/users", { name: "Ada" }, key),
      await post(b, "/users", { name: "Bob" }, key),
      await post(a, "/transactions/fund", newFunding(ours.walletId, 1), `${key}-f`),
      await post(b, "/transactions/fund", newFunding(theirs.walletId, 2), `${key}-f`),
    ];
    for (const { status, headers } of answers) {
      expect([status, headers.has("idempotent-replayed")]).toEqual([201, false]);
    }
    expect(new Set(answers.map(({ body }) => body["id"])).size).toBe(4);
  });

  test("a payout reference", async () => {
    const { payoutReference } = newWithdrawal("", 1);
    for (const [of, { walletId }] of [
      [a, ours],
      [b, theirs],
    ] as const) {
      const first = { walletId, amount: 1, payoutReference };
      expect((await post(of, "/transactions/withdraw", first)).status).toBe(201);
      const again = await post(of, "/transactions/withdraw", first);
      expectProblem(again, 409, "duplicate_payout_reference");
    }
  });

  test("a payment reference", async () => {
    const { paymentReference } = newFunding("", 1);
    for (const [of, { walletId }] of [
      [a, ours],
      [b, theirs],
    ] as const) {
      const first = { walletId, amount: 1, paymentReference };
      expect((await post(of, "/transactions/fund", first)).status).toBe(201);
      const again = await post(of, "/transactions/fund", first);
      expectProblem(again, 409, "duplicate_payment_reference");
    }
  });
});

test("a tenant is what the credential says and nothing else", async () => {
  for (const headers of [{ "x-tenant": "tenant-b" }, { tenant: "tenant-b" }]) {
    const answer = await a.service.send("GET", `/users/${theirs.userId}`, a.root, { headers });
    expectProblem(answer, 404, "not_found");
  }
  const body = { name: "Eve", tenant: "tenant-b" };
  expectProblem(await post(a, "/users", body), 400, "validation_failed");
});

test("a user's token of one tenant names no user in another", async () => {
  const token = await tokenFor(theirs.userId, { tenant: "tenant-a" });
  for (const path of [`/users/${theirs.userId}`, `/wallets/${theirs.walletId}/balance`]) {
    expect((await a.service.send("GET", path, token)).status).toBe(404);
  }
  const right = await tokenFor(theirs.userId, { tenant: "tenant-b" });
  expect((await a.service.send("GET", `/users/${theirs.userId}`, right)).status).toBe(200);
});
