// Guarantee: a balance is the sum of the entries, per currency, and says of which entry it is;
// money that is on its way is shown apart.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import * as ledger from "../../support/ledger.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";

const nothing = { balance: 0, available: 0, reserved: 0, held: 0, incoming: 0 };

test("of a wallet that never held anything", async () => {
  const { walletId, userId } = await openUser();
  const { status, body } = await get(`/wallets/${userId}/balance`);
  expect(status).toBe(200);
  const { asOf, ...rest } = body;
  expect(rest).toEqual({ walletId, userId, currency: "USD", ...nothing, balances: [] });
  expect(asOf).toEqual({ sequence: 0, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(Object.keys(body)).not.toContain("inFlight");
});

test("both ids give the same answer", async () => {
  const { walletId, userId } = await openFunded(5);
  const [one, other] = await Promise.all(
    [walletId, userId].map((id) => get(`/wallets/${id}/balance`)),
  );
  expect(one?.text).toBe(other?.text);
});

test("every currency ever held, also at zero, in order of their codes", async () => {
  const [{ walletId }, to] = await Promise.all([openUser(), openUser()]);
  await fund(newFunding(walletId, 30, { currency: "USD" }));
  await fund(newFunding(walletId, 20, { currency: "EUR" }));
  await transfer(newTransfer(walletId, to.walletId, 20, { currency: "EUR" }));
  const { body } = await get(`/wallets/${walletId}/balance`);
  expect(body).toMatchObject({ currency: "USD", balance: 30 });
  expect(body["balances"]).toEqual([
    { currency: "EUR", ...nothing },
    { currency: "USD", ...nothing, balance: 30, available: 30 },
  ]);
});

test("of one currency, 0 if never held", async () => {
  const { walletId } = await openFunded(20, { currency: "EUR" });
  const figures = async (query: string) => {
    const { body } = await get(`/wallets/${walletId}/balance${query}`);
    return [body["currency"], body["balance"]];
  };
  expect(await figures("")).toEqual(["USD", 0]);
  expect(await figures("?currency=EUR")).toEqual(["EUR", 20]);
  expect(await figures("?currency=JPY")).toEqual(["JPY", 0]);
});

test("asOf names the last entry that is in it", async () => {
  const { walletId } = await openFunded(20);
  await fund(newFunding(walletId, 30));
  const { body } = await get(`/wallets/${walletId}/balance`);
  const history = await get(`/transactions?walletId=${walletId}&limit=1`);
  const [newest] = history.body["data"] as { sequence: number; hash: string }[];
  expect(newest).toMatchObject({ sequence: 2, balanceAfter: body["balance"] });
  expect(body["asOf"]).toEqual({ sequence: newest?.sequence, hash: newest?.hash });
});

test("an undecided transfer is held on one side and incoming on the other", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const submitted = ledger.submission(ledger.transfer(from.walletId, to.walletId, 30));
  await recordTransaction(submitted);
  for (const side of sidesOf(submitted)) expect(await side.hold()).toMatchObject({ vote: "yes" });

  const sender = await get(`/wallets/${from.walletId}/balance`);
  expect(sender.body).toMatchObject({
    balance: 100,
    available: 70,
    reserved: 0,
    held: 30,
    incoming: 0,
  });
  const receiver = await get(`/wallets/${to.walletId}/balance`);
  expect(receiver.body).toMatchObject({
    balance: 0,
    available: 0,
    reserved: 0,
    held: 0,
    incoming: 30,
  });
  for (const { body } of [sender, receiver]) expect(Object.keys(body)).not.toContain("inFlight");
  expect((await get(`/transactions?walletId=${to.walletId}`)).body).toEqual({
    data: [],
    nextCursor: null,
  });
});

test("a hold whose log cannot be asked is in flight, and counted", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const unknown = ledger.submission(ledger.transfer(from.walletId, to.walletId, 30));
  const [debit] = sidesOf(unknown);
  await debit.hold();
  const { body } = await get(`/wallets/${from.walletId}/balance`);
  expect(body).toMatchObject({ balance: 100, available: 70, reserved: 0, held: 30, inFlight: 1 });
  const history = await get(`/transactions?walletId=${from.walletId}`);
  expect(history.body["inFlight"]).toBe(1);
});

test("a transfer that is committed but not posted yet is posted by the read", async () => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const submitted = ledger.submission(ledger.transfer(from.walletId, to.walletId, 30));
  for (const side of sidesOf(submitted)) await side.hold();
  await recordTransaction(submitted, { state: "committed" });
  const receiver = await get(`/wallets/${to.walletId}/balance`);
  expect(receiver.body).toMatchObject({ balance: 30, incoming: 0, asOf: { sequence: 1 } });
  const sender = await get(`/wallets/${from.walletId}/balance`);
  expect(sender.body).toMatchObject({ balance: 70, reserved: 0, held: 0, asOf: { sequence: 2 } });
});
