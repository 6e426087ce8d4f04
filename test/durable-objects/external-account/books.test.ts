// Guarantee: the books of a shard of the outside world count every line, posted or held, under its
// provider and currency, exactly.
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { externalShardAddress } from "../../../src/domain/ids.ts";
import { amountMax } from "../../../src/domain/limits.ts";
import { externalAccountStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { newKey, referenceInShard } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit } from "../../support/ledger.ts";
import { sideAt, sidesOf } from "../../support/legs.ts";
import { openWallet } from "../../support/wallets.ts";

const provider = "default";

async function booksOf(shard: number) {
  const account = externalShardAddress(shard).id;
  const books = await externalAccountStub(env, tenant, account).books({ ...call, account });
  return books.toSorted((one, other) => (one.currency < other.currency ? -1 : 1));
}

/** Three lines from outside: 10 and 5 USD, 3 EUR. Each test has a shard of its own. */
async function splitFromOutside(shard: number) {
  const [one, other] = await Promise.all([openWallet(), openWallet()]);
  const postings = [
    { from: "external", to: one, amount: 10 },
    { from: "external", to: other, amount: 5 },
    { from: "external", to: one, amount: 3, currency: "EUR" },
  ];
  return submission({ type: "split", postings, paymentReference: referenceInShard(shard) });
}

const sums = (debits: string, credits = "0") => ({ debits, credits });
const nothing = sums("0");

it("counts each line of a leg, held and then posted", async () => {
  const shard = 0x31;
  const split = await splitFromOutside(shard);
  await sidesOf(split)[0].hold();
  const held = { provider, entries: 0, posted: nothing };
  expect(await booksOf(shard)).toEqual([
    { ...held, currency: "EUR", openLegs: 1, open: sums("3") },
    { ...held, currency: "USD", openLegs: 2, open: sums("15") },
  ]);
  expect(outcomeOf(await submit(split))).toBe("committed");
  const posted = { provider, openLegs: 0, open: nothing };
  expect(await booksOf(shard)).toEqual([
    { ...posted, currency: "EUR", entries: 1, posted: sums("3") },
    { ...posted, currency: "USD", entries: 2, posted: sums("15") },
  ]);
});

it("adds up what is held exactly, beyond what a number holds", async () => {
  const shard = 0x32;
  const held = [amountMax, amountMax, 7].map(
    (amount) => sidesOf(submission(funding("wal_UNKNOWN", amount, referenceInShard(shard))))[0],
  );
  for (const side of held) await side.hold();
  const open = sums(String(2n * BigInt(amountMax) + 7n));
  const line = { provider, currency: "USD", entries: 0, posted: nothing };
  expect(await booksOf(shard)).toEqual([{ ...line, openLegs: 3, open }]);
});

it("knows the provider of a held leg that claims no payment by its origin", async () => {
  const shard = 0x33;
  const origin = await splitFromOutside(shard);
  expect(outcomeOf(await submit(origin))).toBe("committed");
  const { posting } = sidesOf(origin)[0].call;
  const back = { bucket: "available", direction: "credit", amount: 4, currency: "USD" } as const;
  const held = sideAt(externalShardAddress(shard), {
    ...posting,
    transactionId: submission(funding("wal_UNKNOWN", 4), newKey()).id,
    lines: [{ ...back, counterparty: "wal_UNKNOWN" }],
    claims: [],
    origin: { transactionId: origin.id, refusal: "transaction_expired" },
  });
  expect(await held.hold()).toMatchObject({ vote: "yes" });
  const posted = { entries: 2, posted: sums("15") };
  const open = { openLegs: 1, open: sums("0", "4") };
  const [, dollars] = await booksOf(shard);
  expect(dollars).toEqual({ provider, currency: "USD", ...posted, ...open });
});
