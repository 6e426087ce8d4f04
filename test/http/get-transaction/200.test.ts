// Protects: a transaction reads as it stands: what was sent, what was decided and when, and why it
// was refused.
import { expect, test } from "vitest";
import {
  fund,
  get,
  newFunding,
  newTransfer,
  openFunded,
  openUser,
  send,
  transfer,
} from "../../support/http.ts";
import * as ledger from "../../support/ledger.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";

test("a committed funding: what its sender was told, and the times", async () => {
  const { walletId } = await openUser();
  const sent = newFunding(walletId, 5, { description: "d", metadata: { a: "b" } });
  const answer = await fund(sent);
  const { status, body } = await get(answer.headers.get("location") ?? "");
  expect(status).toBe(200);
  const { decidedAt, settledAt, ...rest } = body;
  expect(rest).toEqual(answer.body);
  const times = [rest["createdAt"], decidedAt, settledAt].map(String);
  expect(times).toEqual(times.toSorted());
});

test("a rejected transfer: the problem that its sender was told, to the key", async () => {
  const [from, to] = await Promise.all([openUser(), openUser()]);
  const refused = await transfer(newTransfer(from.walletId, to.walletId, 5));
  const { body, text } = await get(String(refused.body["instance"]));
  expect(body).toMatchObject({ status: "rejected", amount: 5, fromWalletId: from.walletId });
  expect(text).toContain(`"problem":${refused.text}`);
});

test("an undecided one is pending, without times and without a problem", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const submitted = ledger.submission(ledger.transfer(from.walletId, to.walletId, 5));
  await recordTransaction(submitted);
  const { body } = await get(`/transactions/${submitted.id}`);
  expect(body["status"]).toBe("pending");
  for (const name of ["decidedAt", "settledAt", "problem"]) {
    expect(Object.keys(body)).not.toContain(name);
  }
});

test("a decided one that an account has yet to hear of is not settled", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const submitted = ledger.submission(ledger.transfer(from.walletId, to.walletId, 5));
  for (const side of sidesOf(submitted)) await side.hold();
  await recordTransaction(submitted, { state: "committed" });
  const { body } = await get(`/transactions/${submitted.id}`);
  expect(body["status"]).toBe("committed");
  expect(Object.keys(body)).toContain("decidedAt");
  expect(Object.keys(body)).not.toContain("settledAt");
});

test("HEAD answers the same without the body", async () => {
  const { walletId } = await openUser();
  const answer = await fund(newFunding(walletId, 5));
  const { status, text } = await send("HEAD", answer.headers.get("location") ?? "");
  expect([status, text]).toEqual([200, ""]);
});
