// Guarantee: all of a split or nothing of it. A wallet is asked for the sum of what it pays, and
// one refusal keeps everything where it is.
import { expect, test } from "vitest";
import { refusalCodes } from "../../../src/domain/errors.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { expectProblem, get } from "../../support/http.ts";
import { fund, newFunding, posting, split } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import * as ledger from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { expectRecorded, setFrozen } from "../../support/recorded.ts";

const amountMax = 2 ** 53 - 1;

async function expectUntouched(wallets: Readonly<Record<string, number>>): Promise<void> {
  for (const [walletId, amount] of Object.entries(wallets)) {
    const { body } = await get(`/wallets/${walletId}/balance`);
    expect(body).toMatchObject({ balance: amount, available: amount, held: 0, incoming: 0 });
  }
}

test("same_wallet, unrecorded: in any posting, whichever ids name it", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const good = posting(from.walletId, to.walletId, 1);
  for (const [one, other] of [
    [to.walletId, to.userId],
    [from.userId, from.walletId],
    ["wal_1", "wal_1"],
  ] as const) {
    const key = newKey();
    const answer = await split({ postings: [good, posting(one, other, 1)] }, key);
    expectProblem(answer, 422, "same_wallet");
    await expectNoTrace(key);
    expect((await split({ postings: [good] }, key)).status).toBe(201);
  }
});

test("insufficient_funds: each posting could be paid, and all together cannot", async () => {
  const [from, to, third] = await Promise.all([openFunded(10), openUser(), openUser()]);
  const postings = [
    posting(from.walletId, to.walletId, 6),
    posting(from.walletId, third.walletId, 5),
  ];
  await expectRecorded("split", { postings }, 422, "insufficient_funds");
  await expectUntouched({ [from.walletId]: 10, [to.walletId]: 0, [third.walletId]: 0 });
  const fitting = postings.map((one) => ({ ...one, amount: 5 }));
  expect((await split({ postings: fitting })).status).toBe(201);
});

test("insufficient_funds: of two payers one is poor", async () => {
  const [rich, poor, to] = await Promise.all([openFunded(10), openFunded(1), openUser()]);
  const postings = [
    posting(rich.walletId, to.walletId, 10),
    posting(poor.walletId, to.walletId, 2),
  ];
  await expectRecorded("split", { postings }, 422, "insufficient_funds");
  await expectUntouched({ [rich.walletId]: 10, [poor.walletId]: 1, [to.walletId]: 0 });
});

test("insufficient_funds: of two currencies one is short", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await fund(newFunding(from.walletId, 3, { currency: "EUR" }));
  const postings = [
    posting(from.walletId, to.walletId, 5),
    posting(from.walletId, to.walletId, 4, "EUR"),
  ];
  await expectRecorded("split", { postings }, 422, "insufficient_funds");
  await expectUntouched({ [from.walletId]: 10, [to.walletId]: 0 });
});

test("balance_limit_exceeded: each credit would fit, and both together do not", async () => {
  const [full, to] = await Promise.all([openFunded(amountMax - 5), openUser()]);
  const paymentReference = newKey();
  const postings = [
    posting("external", to.walletId, 1),
    posting("external", full.walletId, 3),
    posting("external", full.walletId, 3),
  ];
  const sent = { postings, paymentReference };
  await expectRecorded("split", sent, 422, "balance_limit_exceeded");
  await expectUntouched({ [full.walletId]: amountMax - 5, [to.walletId]: 0 });
  const fitting = postings.map((one) => ({ ...one, amount: 2 }));
  expect((await split({ postings: fitting, paymentReference })).status).toBe(201);
});

test("wallet_frozen: a payer; the others keep their money", async () => {
  const [free, frozen, to] = await Promise.all([openFunded(5), openFunded(5), openUser()]);
  await setFrozen(frozen.walletId, true);
  const postings = [
    posting(free.walletId, to.walletId, 5),
    posting(frozen.walletId, to.walletId, 5),
  ];
  await expectRecorded("split", { postings }, 422, "wallet_frozen");
  await expectUntouched({ [free.walletId]: 5, [frozen.walletId]: 5, [to.walletId]: 0 });
});

test("transaction_expired: recorded too late", async () => {
  const [from, to] = await Promise.all([openFunded(5), openUser()]);
  const key = newKey();
  const postings = [posting(from.walletId, to.walletId, 5)];
  const submitted = ledger.submission({ type: "split", postings }, key);
  await recordTransaction(submitted, { createdAt: Date.now() - 31_000 });
  expectProblem(await split({ postings }, key), 422, "transaction_expired");
  expect(await balanceOf(from.walletId)).toBe(5);
});

test("of several refusals the first in precedence is answered, whichever posting it is of", async () => {
  const [frozen, poor, full] = await Promise.all([openUser(), openUser(), openFunded(amountMax)]);
  await setFrozen(frozen.walletId, true);
  const used = newKey();
  await fund({ walletId: poor.walletId, amount: 1, paymentReference: used });
  const unknown = `wal_${"0".repeat(26)}`;
  const faults = {
    wallet_not_found: posting("external", unknown, 1),
    wallet_frozen: posting(frozen.walletId, full.walletId, 1),
    duplicate_payment_reference: posting("external", full.walletId, 1),
    insufficient_funds: posting(poor.walletId, full.walletId, 2),
    balance_limit_exceeded: posting("external", full.walletId, 1),
  } as const;
  const codes = refusalCodes.filter((code) => code in faults) as (keyof typeof faults)[];
  for (const [index, code] of codes.entries()) {
    const left = codes.slice(index).toReversed();
    const paymentReference = left.includes("duplicate_payment_reference") ? used : newKey();
    const postings = [posting("external", full.walletId, 1), ...left.map((one) => faults[one])];
    expect((await split({ postings, paymentReference })).body["code"]).toBe(code);
  }
});
