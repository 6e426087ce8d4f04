// Guarantee: the outside world's books are exact at any size, per provider and currency, of the
// caller's tenant only, with what is held and not posted told apart.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { amountMax } from "../../../src/domain/limits.ts";
import { submissionOf } from "../../../src/domain/protocol/transaction.ts";
import { accountsOf } from "../../../src/durable-objects/rpc/stubs.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { expectProblem, get } from "../../support/http.ts";
import { fund, newFunding, newWithdrawal, withdraw } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { funding, submission } from "../../support/ledger.ts";
import { sidesOf } from "../../support/legs.ts";

const network = useFaultyNetwork();

async function books() {
  const { status, body, text } = await get("/ops/books");
  expect(status, `answered: ${text}`).toBe(200);
  return body;
}

const none = { legs: 0, debits: "0", credits: "0" };

test("nothing, before anything entered", async () => {
  expect(await books()).toEqual({ data: [], unreachableShards: 0 });
});

test("sums beyond 2^53 are exact, by provider and currency", async () => {
  for (const amount of [amountMax, amountMax, amountMax - 2]) {
    const { walletId } = await openUser();
    expect((await fund(newFunding(walletId, amount))).status).toBe(201);
  }
  const { walletId } = await openUser();
  const more = { provider: "bank", currency: "EUR" };
  expect((await fund(newFunding(walletId, 5, more))).status).toBe(201);
  expect((await fund(newFunding(walletId, 7, more))).status).toBe(201);
  const sum = String(3n * BigInt(amountMax) - 2n);
  const eur = { debits: "12", credits: "0", net: "-12", inFlight: none };
  const usd = { debits: sum, credits: "0", net: `-${sum}`, inFlight: none };
  expect(await books()).toEqual({
    data: [
      { ...more, entries: 2, ...eur },
      { provider: "default", currency: "USD", entries: 3, ...usd },
    ],
    unreachableShards: 0,
  });
});

test("money that left is credited, beside what entered", async () => {
  const provider = "both";
  const { walletId } = await openUser();
  await fund(newFunding(walletId, 90, { provider }));
  expect((await withdraw(newWithdrawal(walletId, 60, { provider }))).status).toBe(201);
  const { data } = await books();
  const sums = { entries: 2, debits: "90", credits: "60", net: "-30", inFlight: none };
  expect(data).toContainEqual({ provider, currency: "USD", ...sums });
});

test("what is on its way out is in flight", async () => {
  const { walletId } = await openUser();
  const sent = { type: "withdrawal", walletId, amount: 30, provider: "leaving" } as const;
  const held = submission({ ...sent, payoutReference: newKey() });
  const [, external] = sidesOf(held);
  await external.hold();
  const { data } = await books();
  const inFlight = { legs: 1, debits: "0", credits: "30" };
  const sums = { entries: 0, debits: "0", credits: "0", net: "0" };
  expect(data).toContainEqual({ provider: "leaving", currency: "USD", ...sums, inFlight });
});

test("what is held is in flight, and in no other sum", async () => {
  const before = await books();
  const { walletId } = await openUser();
  const held = submission({
    type: "funding",
    walletId,
    amount: 40,
    paymentReference: newKey(),
    provider: "slow",
  });
  const [external] = sidesOf(held);
  await external.hold();
  const inFlight = { legs: 1, debits: "40", credits: "0" };
  const sums = { entries: 0, debits: "0", credits: "0", net: "0" };
  const after = await books();
  expect(after["data"]).toEqual([
    ...(before["data"] as object[]),
    { provider: "slow", currency: "USD", ...sums, inFlight },
  ]);
});

test("another tenant's are not in them", async () => {
  const before = await books();
  const sent = funding("wal_00000000000000000000000000", 9);
  const foreign = submissionOf("other", newKey(), sent, "USD");
  const [{ call: about }] = sidesOf(foreign);
  const account = accountsOf(env)("other", { class: "external-account", id: about.account });
  await account.hold({ ...about, tenant: "other" });
  expect(await books()).toEqual(before);
});

test("a shard that does not answer is counted", async () => {
  network.next("books", "overloaded");
  expect(await books()).toMatchObject({ unreachableShards: 1 });
  network.every("books", "overloaded");
  expectProblem(await get("/ops/books"), 503, "overloaded");
});
