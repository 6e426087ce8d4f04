// Guarantee: a period goes by when transactions were decided, which their accounts agree on, and a
// list is in the order of the ledger whatever its period is. An entry that is posted late is in the
// period of its decision, behind what was decided after it.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { runSql } from "../../support/objects.ts";
import { walletObject } from "../../support/stubs.ts";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { tenant } from "../../support/caller.ts";

interface Page {
  readonly data: readonly {
    readonly transactionId: string;
    readonly decidedAt: string;
    readonly createdAt: string;
  }[];
  readonly nextCursor: string | null;
}

async function pageOf(walletId: string, query = ""): Promise<Page> {
  return (await get(`/transactions?walletId=${walletId}${query}`)).body as unknown as Page;
}

async function idsOf(walletId: string, query: string): Promise<string[]> {
  return (await pageOf(walletId, query)).data.map(({ transactionId }) => transactionId);
}

/** A transfer whose receiver posts it only after a funding that was decided seconds later. */
async function lateTransfer() {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  const late = transactionIdFor(tenant, key);
  const wallet = walletObject(to.walletId);
  await runSql(
    wallet,
    `CREATE TRIGGER late BEFORE INSERT ON entries WHEN NEW.transaction_id = '${late}'
     BEGIN SELECT RAISE(ABORT, 'later'); END`,
  );
  expect((await transfer(newTransfer(from.walletId, to.walletId, 4), key)).status).toBe(202);
  const { status, body } = await fund(newFunding(to.walletId, 1));
  expect(status).toBe(201);
  await runSql(wallet, "DROP TRIGGER late");
  return { from: from.walletId, to: to.walletId, late, prompt: String(body["id"]) };
}

/** An answer that is not final takes 5 s, in ms. */
test("a transfer that is posted late", { timeout: 20_000 }, async () => {
  const { from, to, late, prompt } = await lateTransfer();
  const { data } = await pageOf(to);
  expect(data.map(({ transactionId }) => transactionId)).toEqual([late, prompt]);
  const [posted, other] = data;
  const decision = String((await get(`/transactions/${late}`)).body["decidedAt"]);
  expect(posted?.decidedAt).toBe(decision);
  expect(String(posted?.decidedAt) < String(other?.decidedAt)).toBe(true);
  expect(String(posted?.createdAt) >= String(other?.createdAt)).toBe(true);

  const before = `&to=${other?.decidedAt}`;
  expect(await idsOf(to, before)).toEqual([late]);
  expect(await idsOf(from, `${before}&type=transfer`)).toEqual([late]);
  const since = `&from=${other?.decidedAt}`;
  expect(await idsOf(to, since)).toEqual([prompt]);
  expect(await idsOf(from, since)).toEqual([]);

  const both = `&from=${decision}&limit=1`;
  const first = await pageOf(to, both);
  const second = await pageOf(to, `${both}&cursor=${first.nextCursor}`);
  const paged = [...first.data, ...second.data].map(({ transactionId }) => transactionId);
  expect(paged).toEqual([late, prompt]);
});
