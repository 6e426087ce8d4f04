// Guarantee: a transaction reads as it stands: what was sent, what was decided and when, and why it
// was refused; to operators also who asked for it.
import { expect, test } from "vitest";
import { env } from "cloudflare:workers";
import { logShardOf } from "../../../src/domain/ids.ts";
import { scopes } from "../../../src/domain/principal.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { getTransaction } from "../../../src/http/routes/get-transaction.ts";
import { readAs } from "../../support/as-principal.ts";
import { get, send } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { call, tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import * as ledger from "../../support/ledger.ts";
import { openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";

test("a committed funding: what its sender was told, and the times", async () => {
  const { walletId } = await openUser();
  const sent = newFunding(walletId, 5, { description: "d", metadata: { a: "b" } });
  const answer = await fund(sent);
  const { status, body } = await get(answer.headers.get("location") ?? "");
  expect(status).toBe(200);
  const { createdBy, decidedAt, settledAt, ...rest } = body;
  expect(rest).toEqual(answer.body);
  expect(createdBy).toBe("dev");
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

test("who asked for it is told to operators only, and a repetition by others keeps the first", async () => {
  const sent = { ...ledger.funding(await openWallet(), 5), description: "d" };
  const submitted = ledger.submission(sent);
  const log = logStub(env, logShardOf(submitted.id));
  const submit = (principal: string) => log.submit({ ...call, principal, submission: submitted });
  await submit("first");
  expect(await submit("second")).toMatchObject({ replayed: true, outcome: "settled" });

  const path = `/transactions/${submitted.id}`;
  for (const scope of scopes) {
    const body = await readAs({ id: "reader", tenant, scopes: [scope] }, getTransaction, path);
    expect(body["createdBy"]).toBe(scope === "ops:read" ? "first" : undefined);
    expect(body["description"]).toBe("d");
  }
});

test("a write is never told who asked for it, nor is its repetition", async () => {
  const { walletId } = await openUser();
  const [sent, key] = [newFunding(walletId, 5), newKey()];
  for (const { text } of [await fund(sent, key), await fund(sent, key)]) {
    expect(text).not.toContain("createdBy");
  }
});

test("HEAD answers the same without the body", async () => {
  const { walletId } = await openUser();
  const answer = await fund(newFunding(walletId, 5));
  const { status, text } = await send("HEAD", answer.headers.get("location") ?? "");
  expect([status, text]).toEqual([200, ""]);
});
