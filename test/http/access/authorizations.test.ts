// Guarantee: a user reserves money of the user's own wallet only, and ends only authorizations whose
// receiver is the user's own wallet. Of others a user sees no more than the lines in it. Money leaves
// by the word of back ends alone: a user names no payout and captures none.
import { describe, expect, test } from "vitest";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import {
  authorize,
  authorizePayout,
  newAuthorization,
  newPayout,
  newWithdrawal,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const [payer, receiver, third] = await Promise.all([openFunded(1_000), openUser(), openFunded(9)]);
const tokens = {
  payer: await tokenFor(payer.userId),
  receiver: await tokenFor(receiver.userId),
  third: await tokenFor(third.userId),
};
type Name = keyof typeof tokens;

const authorized = () => authorize(payer.walletId, receiver.walletId, 7);
const act = (who: Name, id: string, what: "capture" | "cancel") =>
  service.send("POST", `/transactions/${id}/${what}`, tokens[who], { body: {} });
const read = (who: Name, id: string) => service.send("GET", `/transactions/${id}`, tokens[who]);

test("from one's own wallet, not from another's", async () => {
  const body = newAuthorization(payer.walletId, receiver.walletId, 7);
  const send = (who: Name) => service.send("POST", "/transactions/transfer", tokens[who], { body });
  expect((await send("payer")).status).toBe(201);
  expectProblem(await send("third"), 404, "wallet_not_found");
});

describe.each(["capture", "cancel"] as const)("to %s", (what) => {
  test("is up to the receiver", async () => {
    expect((await act("receiver", await authorized(), what)).status).toBe(201);
  });

  test.each(["payer", "third"] as const)("is not up to the %s", async (who) => {
    const id = await authorized();
    expectProblem(await act(who, id, what), 404, "transaction_not_found");
    expect((await act("receiver", id, what)).status, "it is open still").toBe(201);
  });

  test("shows the receiver the lines of the receiver's wallet alone", async () => {
    const id = await authorized();
    const { body } = await act("receiver", id, what);
    const legs = body["legs"] as readonly { readonly account: string }[];
    expect(legs.every(({ account }) => account === receiver.walletId)).toBe(true);
    expect(legs).toHaveLength(what === "capture" ? 1 : 0);
    expect((await read("receiver", String(body["id"]))).body["legs"]).toEqual(legs);
  });
});

test("is seen by both sides, by the receiver without the payer's lines", async () => {
  const id = await authorized();
  const [ofPayer, ofReceiver] = [await read("payer", id), await read("receiver", id)];
  expect(ofPayer.body["legs"]).toHaveLength(2);
  expect(ofReceiver.body["legs"]).toEqual([]);
  expect(ofReceiver.body).toMatchObject({ authorization: { status: "open" } });
  expect((await read("third", id)).status).toBe(404);
});

describe("a withdrawal", () => {
  const send = (who: Name, body: object) =>
    service.send("POST", "/transactions/withdraw", tokens[who], { body });

  test("is reserved by the wallet's user, and by no other", async () => {
    const answer = await send("payer", newPayout(payer.userId, 7));
    expect(answer.status).toBe(201);
    expect((await read("payer", String(answer.body["id"]))).body["legs"]).toHaveLength(2);
    expectProblem(await send("third", newPayout(payer.walletId, 7)), 404, "wallet_not_found");
  });

  test.each([
    ["with a reference", newPayout(payer.walletId, 7, { payoutReference: newKey() })],
    ["at once", newWithdrawal(payer.walletId, 7)],
  ])("is not up to a user %s", async (_name, body) => {
    const answer = await send("payer", body);
    expectProblem(answer, 403, "forbidden");
    expect(String(answer.body["detail"])).toContain("withdrawals:write");
  });

  test("is captured and cancelled by no user, whoever sees it", async () => {
    const id = await authorizePayout(payer.walletId, 7);
    const body = { payoutReference: newKey() };
    const captured = (who: Name) =>
      service.send("POST", `/transactions/${id}/capture`, tokens[who], { body });
    expectProblem(await captured("payer"), 403, "forbidden");
    expectProblem(await captured("third"), 404, "transaction_not_found");
    expectProblem(await act("payer", id, "cancel"), 404, "transaction_not_found");
    expectProblem(await act("third", id, "cancel"), 404, "transaction_not_found");
    const standing = await read("payer", id);
    expect(standing.body).toMatchObject({ authorization: { status: "open" } });
  });

  test("by a back end: what names a payout needs another scope than what stays inside", async () => {
    const [inside, outside] = await Promise.all([
      service.createKey(root.text, ["transfers:write"]),
      service.createKey(root.text, ["withdrawals:write"]),
    ]);
    const payoutReference = newKey();
    const [silent, named] = [{}, { payoutReference }];
    const captureBy = (key: { readonly text: string }, id: string, body: object) =>
      service.send("POST", `/transactions/${id}/capture`, key.text, { body });
    const reserveBy = async (key: { readonly text: string }, more: object) => {
      const body = newPayout(payer.walletId, 1, more);
      return (await service.send("POST", "/transactions/withdraw", key.text, { body })).status;
    };
    expect([await reserveBy(inside, silent), await reserveBy(outside, silent)]).toEqual([201, 403]);
    expect([await reserveBy(inside, named), await reserveBy(outside, named)]).toEqual([403, 201]);

    const payout = await authorizePayout(payer.walletId, 1);
    expectProblem(await captureBy(inside, payout, named), 403, "forbidden");
    expect((await captureBy(outside, payout, named)).status).toBe(201);
    const payment = await authorized();
    expectProblem(await captureBy(outside, payment, {}), 403, "forbidden");
    expect((await captureBy(inside, payment, {})).status).toBe(201);
  });
});
