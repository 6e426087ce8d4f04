// Guarantee: a frozen wallet pays nothing new and still takes what comes in; what it had promised
// is paid; a thaw lets it pay again. Each act is done once for its key and answered the same for
// ever.
import { expect, test } from "vitest";
import { expectProblem, post } from "../../support/http.ts";
import {
  authorize,
  authorizePayout,
  capture,
  fund,
  newFunding,
  newTransfer,
  transfer,
} from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { submission, transfer as sent } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { runSql } from "../../support/objects.ts";
import { expectReplayed } from "../../support/recorded.ts";

const stolen = { frozen: true, reason: "Reported as stolen" };
const found = { frozen: false, reason: "Found again" };

const actsOf = (walletId: string) => runSql(walletObject(walletId), "SELECT * FROM freezes");

test("the act, who did it and where it is kept", async () => {
  const { userId, walletId } = await openUser();
  const { headers, body } = await post(`/wallets/${userId}/freezes`, stolen);
  expect(Object.keys(body)).toEqual([
    "id",
    "walletId",
    "frozen",
    "reason",
    "createdBy",
    "createdAt",
  ]);
  expect(body).toMatchObject({ walletId, ...stolen, createdBy: "dev" });
  expect(body["id"]).toMatch(/^frz_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(headers.get("location")).toBe(`/wallets/${walletId}/freezes`);
});

test("refuses new debits, lets credits in; a thaw lets new keys pass and no old one", async () => {
  const [from, to] = await Promise.all([openFunded(10), openFunded(10)]);
  const path = `/wallets/${from.walletId}/freezes`;
  const [key, rent] = [newKey(), newTransfer(from.walletId, to.walletId, 4)];
  await post(path, stolen);

  const refused = await transfer(rent, key);
  expectProblem(refused, 422, "wallet_frozen");
  expect((await fund(newFunding(from.walletId, 5))).status).toBe(201);
  expect((await transfer(newTransfer(to.walletId, from.walletId, 1))).status).toBe(201);

  await post(path, found);
  await expectReplayed("/transactions/transfer", rent, key, refused);
  expect((await transfer(rent)).status).toBe(201);
  expect(await balanceOf(from.walletId)).toBe(10 + 5 + 1 - 4);
});

test("never refuses to pay what was promised before", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  const submitted = submission(sent(from.walletId, to.walletId, 4), key);
  for (const side of sidesOf(submitted)) expect(await side.hold()).toMatchObject({ vote: "yes" });
  await post(`/wallets/${from.walletId}/freezes`, stolen);
  await recordTransaction(submitted);
  const answer = await transfer(newTransfer(from.walletId, to.walletId, 4), key);
  expect([answer.status, await balanceOf(to.walletId)]).toEqual([201, 4]);
});

test("stops neither a new authorization nor its capture, also of a payout", async () => {
  const [{ walletId }, to] = await Promise.all([openFunded(100), openUser()]);
  await post(`/wallets/${walletId}/freezes`, stolen);
  const [payment, payout] = [
    await authorize(walletId, to.walletId, 10),
    await authorizePayout(walletId, 10, { payoutReference: newKey() }),
  ];
  expect((await capture(payment)).status).toBe(201);
  expect((await capture(payout)).status).toBe(201);
  expect(await balanceOf(walletId)).toBe(80);
});

test("a repetition answers the same bytes and does nothing, also after a later act", async () => {
  const { walletId } = await openUser();
  const [path, key] = [`/wallets/${walletId}/freezes`, newKey()];
  const first = await post(path, stolen, key);
  await post(path, found);
  await expectReplayed(path, stolen, key, first);
  await expectReplayed(path, { reason: stolen.reason, frozen: true }, `"${key}"`, first);
  expect(await actsOf(walletId)).toHaveLength(2);
  const other = await openUser();
  expect((await transfer(newTransfer(walletId, other.walletId, 1))).body["code"]).toBe(
    "insufficient_funds",
  );
});

test("repetitions at the same time are one act", async () => {
  const { walletId } = await openUser();
  const [path, key] = [`/wallets/${walletId}/freezes`, newKey()];
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(path, stolen, key)));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => !headers.has("idempotent-replayed"))).toHaveLength(1);
  expect(await actsOf(walletId)).toHaveLength(1);
});

test("freezing what is frozen is an act of its own", async () => {
  const { walletId } = await openUser();
  const path = `/wallets/${walletId}/freezes`;
  for (const reason of ["first", "second"]) {
    expect((await post(path, { frozen: true, reason })).body).toMatchObject({ reason });
  }
  expect(await actsOf(walletId)).toHaveLength(2);
});

test("a key is the wallet's own: for another wallet it is another act", async () => {
  const [one, other] = await Promise.all([openUser(), openUser()]);
  const key = newKey();
  const answers = await Promise.all(
    [one, other].map(({ walletId }) => post(`/wallets/${walletId}/freezes`, stolen, key)),
  );
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers[0]?.body["id"]).not.toBe(answers[1]?.body["id"]);
});
