// Guarantee: by the reference of a payment or payout a back end finds the one transaction that uses
// it, committed or undecided, as reading it by its id would show it, and no other.
import { describe, expect, test } from "vitest";
import { userIdFor } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { tenant } from "../../support/caller.ts";
import { get, type Answer } from "../../support/http.ts";
import {
  fund,
  newFunding,
  newWithdrawal,
  posting,
  reverse,
  split,
  withdraw,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { funding, submission } from "../../support/ledger.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction, type CrashedAt } from "../../support/log-rows.ts";
import { tablesOf } from "../../support/objects.ts";
import { externalObject } from "../../support/stubs.ts";

const { walletId } = await openFunded(1_000);

const find = (query: Readonly<Record<string, string>>) =>
  get(`/transactions?${String(new URLSearchParams(query))}`);

const none = { data: [], nextCursor: null };

async function expectFound(answer: Answer, made: Answer): Promise<void> {
  expect(made.status).toBe(201);
  const read = await get(`/transactions/${String(made.body["id"])}`);
  expect([answer.status, answer.body]).toEqual([200, { data: [read.body], nextCursor: null }]);
  expect(read.body["status"]).toBe("committed");
}

describe("what is found is the transaction", () => {
  test("of a payment, of the default provider and of another", async () => {
    const sent = newFunding(walletId, 5);
    const first = await fund(sent);
    const second = await fund({ ...sent, provider: "bank" });
    const { paymentReference } = sent;
    await expectFound(await find({ paymentReference }), first);
    await expectFound(await find({ paymentReference, provider: "default" }), first);
    await expectFound(await find({ paymentReference, provider: "bank" }), second);
  });

  test("of a payout, and of a payment of the same name", async () => {
    const reference = newKey();
    const out = await withdraw(newWithdrawal(walletId, 5, { payoutReference: reference }));
    expect((await find({ paymentReference: reference })).body).toEqual(none);
    const into = await fund(newFunding(walletId, 5, { paymentReference: reference }));
    await expectFound(await find({ payoutReference: reference }), out);
    await expectFound(await find({ paymentReference: reference }), into);
  });

  test("of a payment to several wallets", async () => {
    const other = await openUser();
    const paymentReference = `${newKey()} a+b/c?d=e&f é`;
    const postings = [posting("external", walletId, 2), posting("external", other.walletId, 1)];
    const made = await split({ postings, paymentReference });
    await expectFound(await find({ paymentReference }), made);
  });

  test("that used the reference, and not the one that reversed it", async () => {
    const sent = newWithdrawal(walletId, 5);
    const made = await withdraw(sent);
    expect((await reverse(made.body["id"])).status).toBe(201);
    await expectFound(await find({ payoutReference: sent.payoutReference }), made);
    const again = await withdraw(sent);
    expect([again.status, again.body["transactionId"]]).toEqual([409, made.body["id"]]);
  });

  test("that has used the reference after another was refused", async () => {
    const sent = newFunding(userIdFor(tenant, newKey()), 5);
    expect((await fund(sent)).status).toBe(404);
    const { paymentReference } = sent;
    expect((await find({ paymentReference })).body).toEqual(none);
    const made = await fund({ ...sent, walletId });
    await fund({ ...sent, walletId, amount: 6 });
    await expectFound(await find({ paymentReference }), made);
  });
});

describe("a claim that is held", () => {
  /** Recorded in the given state, and held by the outside world. */
  async function held(paymentReference: string, at: CrashedAt) {
    const submitted = submission(funding(walletId, 5, paymentReference));
    const [outside] = sidesOf(submitted);
    expect(await outside.hold()).toMatchObject({ vote: "yes" });
    await recordTransaction(submitted, at);
    return submitted.id;
  }

  test("is an undecided transaction's: pending", async () => {
    const paymentReference = newKey();
    const id = await held(paymentReference, {});
    const { body } = await find({ paymentReference });
    expect(body).toMatchObject({ data: [{ id, status: "pending" }], nextCursor: null });
  });

  test("of a rejected transaction, not yet released, is no use of the reference", async () => {
    const paymentReference = newKey();
    const refusal = { code: "wallet_not_found", account: walletId } as const;
    await held(paymentReference, { state: "rejected", refusal });
    expect((await find({ paymentReference })).body).toEqual(none);
  });

  test("of a transaction that no log knows is nothing to be shown", async () => {
    const paymentReference = newKey();
    const [outside] = sidesOf(submission(funding(walletId, 5, paymentReference)));
    await outside.hold();
    expect((await find({ paymentReference })).body).toEqual(none);
  });
});

test("a reference that was never used is not found, and leaves nothing", async () => {
  const reference = newKey();
  for (const name of ["paymentReference", "payoutReference"]) {
    const answer = await find({ [name]: reference });
    expect([answer.status, answer.body]).toEqual([200, none]);
  }
  expect(await tablesOf(externalObject(submission(funding(walletId, 1, reference))))).toEqual([]);
});

test("another tenant's is not found, whose name it may be", async () => {
  const root = bootstrapFor("elsewhere");
  const other = new ClosedService({ BOOTSTRAP_KEY: root.setting });
  const sent = newFunding(walletId, 5);
  await fund(sent);
  const path = `/transactions?paymentReference=${sent.paymentReference}`;
  expect((await other.send("GET", path, root.text)).body).toEqual(none);
});
