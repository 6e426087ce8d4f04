// Guarantee: a page of a wallet's authorizations looks at a bounded part of the ledger and says
// where it goes on; the first page of what is open ends where all that is reserved is found.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { historyScanMax } from "../../../src/domain/limits.ts";
import type { OperationType } from "../../../src/domain/operations/all.ts";
import type { AuthorizationsPage } from "../../../src/durable-objects/wallet/contract.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { authorize, endOf, type AuthorizedSubmission } from "../../support/authorized.ts";
import { call, tenant } from "../../support/caller.ts";
import { breakNetwork } from "../../support/faulty-stubs.ts";
import { funding, outcomeOf, submission, submit } from "../../support/ledger.ts";
import { postMany } from "../../support/legs.ts";
import { Meter } from "../../support/meter.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";

async function list(
  walletId: string,
  more: { endedBy?: OperationType | null; limit?: number; before?: number } = {},
): Promise<AuthorizationsPage> {
  const about = { ...call, walletId, limit: 100, ...more };
  const page = await walletStub(env, tenant, walletId).readAuthorizations(about);
  if (!page.ok) throw new Error(page.problem);
  return page;
}

const idsOf = ({ authorizations }: AuthorizationsPage) =>
  authorizations.map(({ transactionId }) => transactionId);

async function end(one: AuthorizedSubmission, type: "capture" | "cancellation"): Promise<string> {
  const ending = endOf(one, { type });
  expect(outcomeOf(await submit(ending))).toBe("committed");
  return ending.id;
}

describe("in a long ledger", () => {
  let walletId: string;
  let oldest: AuthorizedSubmission;
  let newest: AuthorizedSubmission;
  let cancelledBy: string;
  let scanned: number;

  beforeAll(async () => {
    walletId = await fundedWallet(100);
    const receiver = await openWallet();
    oldest = await authorize(walletId, receiver, 3);
    await postMany(walletId, historyScanMax, () => submission(funding(walletId, 1)));
    newest = await authorize(walletId, receiver, 4);
    const cancelled = await authorize(walletId, receiver, 5);
    cancelledBy = await end(cancelled, "cancellation");
    // A funding, the oldest one's two entries, and all that follows but what a page looks at.
    scanned = 1 + 2 + historyScanMax + 6 - historyScanMax;
  }, 120_000);

  it("a page stops looking and names where the next one goes on", async () => {
    const first = await list(walletId, { endedBy: "cancellation" });
    expect(first.authorizations).toMatchObject([{ end: { transactionId: cancelledBy } }]);
    expect(first.nextBefore).toBe(scanned + 1);
    const second = await list(walletId, { endedBy: "cancellation", before: scanned + 1 });
    expect([idsOf(second), second.nextBefore]).toEqual([[], null]);
    const next = await list(walletId, { before: scanned + 1 });
    expect(idsOf(next)).toEqual([oldest.submitted.id]);
  });

  it("what is open goes on while something reserved is not found yet, and no longer", async () => {
    const first = await list(walletId, { endedBy: null });
    expect([idsOf(first), first.nextBefore]).toEqual([[newest.submitted.id], scanned + 1]);
    const second = await list(walletId, { endedBy: null, before: scanned + 1 });
    expect([idsOf(second), second.nextBefore]).toEqual([[oldest.submitted.id], null]);

    await end(oldest, "capture");
    const found = await list(walletId, { endedBy: null });
    expect([idsOf(found), found.nextBefore]).toEqual([[newest.submitted.id], null]);
    await end(newest, "capture");
    const none = await list(walletId, { endedBy: null });
    expect([idsOf(none), none.nextBefore]).toEqual([[], null]);
  });

  it("a page reads as many rows as it looks at, and few where it is full soon", async () => {
    const costOf = async (limit: number) => {
      const meter = new Meter();
      await meter.watch(walletObject(walletId), "wallet");
      await list(walletId, { limit });
      return meter.read();
    };
    const [all, few] = [await costOf(100), await costOf(1)];
    expect(all.rowsRead).toBeGreaterThan(historyScanMax);
    expect(all.rowsRead).toBeLessThan(historyScanMax + 100);
    expect(few.rowsRead).toBeLessThan(50);
    expect([all.rowsWritten, few.rowsWritten]).toEqual([0, 0]);
  });
});

it("an end that is decided and not posted here yet is learned before it is told", async () => {
  const [sender, receiver] = [await fundedWallet(10), await openWallet()];
  const one = await authorize(sender, receiver, 4);
  const ending = endOf(one, { type: "capture" });
  const { network, restore } = breakNetwork();
  const delayed = network.next("post", "delay", sender);
  const answer = submit(ending);
  await delayed.met();
  const page = await list(sender);
  delayed.letGo();
  restore();
  expect(page.authorizations).toMatchObject([{ end: { transactionId: ending.id } }]);
  expect(outcomeOf(await answer)).toBe("committed");
});

it("a wallet that was never opened has none, and comes to hold nothing", async () => {
  const unopened = walletObject(`wal_${"7".repeat(26)}`);
  const about = { ...call, walletId: `wal_${"7".repeat(26)}`, limit: 1 };
  const page = await runInDurableObject(unopened, (wallet) => wallet.readAuthorizations(about));
  expect(page).toEqual({ ok: false, problem: "not_found" });
});
