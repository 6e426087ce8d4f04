// Guarantee: a payment reference brings money once, whether to one wallet or to several.
import { expect, test } from "vitest";
import { fund, posting, split, withdraw } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { expectRecorded } from "../../support/recorded.ts";

const [one, other] = await Promise.all([openUser(), openUser()]);
const shared = (paymentReference: string) => ({
  postings: [posting("external", one.walletId, 3), posting("external", other.walletId, 2)],
  paymentReference,
});

test("duplicate_payment_reference: after a funding, and after a split", async () => {
  const [used, shown] = [newKey(), newKey()];
  const funding = { walletId: one.walletId, amount: 1, paymentReference: used };
  const first = await fund(funding);
  const refused = await expectRecorded("split", shared(used), 409, "duplicate_payment_reference");
  expect(refused.body["transactionId"]).toBe(first.body["id"]);

  const second = await split(shared(shown));
  const wanted = second.body["id"];
  const again = { ...funding, paymentReference: shown };
  for (const [operation, body] of [
    ["split", shared(shown)],
    ["fund", again],
  ] as const) {
    const answer = await expectRecorded(operation, body, 409, "duplicate_payment_reference");
    expect(answer.body["transactionId"]).toBe(wanted);
  }
  expect([await balanceOf(one.walletId), await balanceOf(other.walletId)]).toEqual([4, 2]);
});

test("duplicate_payout_reference: after a withdrawal, and after a split", async () => {
  const { walletId } = await openFunded(20);
  const leaving = (payoutReference: string) => ({
    postings: [posting(walletId, "external", 3), posting(walletId, other.walletId, 1)],
    payoutReference,
  });
  const [used, shown] = [newKey(), newKey()];
  const first = await withdraw({ walletId, amount: 1, payoutReference: used });
  const second = await split(leaving(shown));
  for (const [operation, body, wanted] of [
    ["split", leaving(used), first],
    ["split", leaving(shown), second],
    ["withdraw", { walletId, amount: 1, payoutReference: shown }, second],
  ] as const) {
    const answer = await expectRecorded(operation, body, 409, "duplicate_payout_reference");
    expect(answer.body["transactionId"]).toBe(wanted.body["id"]);
  }
  expect(await balanceOf(walletId)).toBe(15);
});

test("of splits that race for a reference one moves money", async () => {
  const { walletId } = await openUser();
  const paymentReference = newKey();
  const race = Array.from({ length: 6 }, (_, index) =>
    split({
      postings: [posting("external", walletId, 1), posting("external", one.walletId, index + 1)],
      paymentReference,
    }),
  );
  const statuses = (await Promise.all(race)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  expect(await balanceOf(walletId)).toBe(1);
});
