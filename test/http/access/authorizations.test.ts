// Guarantee: a user reserves money of the user's own wallet only, and ends only authorizations whose
// receiver is the user's own wallet. Of others a user sees no more than the lines in it.
import { describe, expect, test } from "vitest";
import { ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { authorize, newAuthorization } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";

const service = new ClosedService(tokenSettings);
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
