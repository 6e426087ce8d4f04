// Guarantee: the log keeps half of the hash of the last entry of every leg of its transactions, as
// the account told it: the hash chain of an account has an anchor outside of the account's file.
import { expect, it } from "vitest";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { runSql, textOf } from "../../support/objects.ts";

const network = useFaultyNetwork();

/** What the log keeps of the entries, once it has written that the transaction is settled. */
async function keptAnchors(submitted: Submission): Promise<unknown> {
  await submit(submitted);
  // A replay is a write of its shard, with which the settled row is written.
  const query = "SELECT anchors FROM transactions WHERE id = ? AND settled_at IS NOT NULL";
  const [row] = await runSql(logObject(submitted.id), query, submitted.id);
  const anchors = row?.["anchors"];
  return typeof anchors === "string" ? JSON.parse(anchors) : anchors;
}

async function anchorsInAccounts({ id, ...rest }: Submission): Promise<unknown[]> {
  const query = "SELECT hash FROM entries WHERE transaction_id = ? ORDER BY sequence DESC LIMIT 1";
  const sides = sidesOf({ id, ...rest });
  const rows = await Promise.all(sides.map(({ object }) => runSql(object, query, id)));
  return rows.map(([row]) => textOf(row?.["hash"]).slice(0, 32));
}

it("a transfer and a funding leave the anchors of both entries in the log", async () => {
  const [sender, receiver] = [await fundedWallet(10), await openWallet()];
  for (const sent of [transfer(sender, receiver, 4), funding(receiver, 5)]) {
    const submitted = submission(sent);
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    const anchors = await keptAnchors(submitted);
    expect(anchors).toEqual(await anchorsInAccounts(submitted));
    expect(anchors).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.any(String)]);
  }
});

it("a leg of several lines leaves one, of its last entry", async () => {
  const [sender, receiver] = [await fundedWallet(10), await openWallet()];
  const postings = [4, 3, 2].map((amount) => ({ from: sender, to: receiver, amount }));
  const submitted = submission({ type: "split", postings });
  expect(outcomeOf(await submit(submitted))).toBe("committed");
  for (const { object } of sidesOf(submitted)) {
    expect(await recordedLeg(object, submitted.id)).toMatchObject({ legs: 1, entries: 3 });
  }
  const anchors = await keptAnchors(submitted);
  expect(anchors).toHaveLength(2);
  expect(anchors).toEqual(await anchorsInAccounts(submitted));
});

it("a rejected transfer leaves none", async () => {
  const submitted = submission(transfer(await openWallet(), await openWallet(), 4));
  expect(outcomeOf(await submit(submitted))).toBe("insufficient_funds");
  expect(await keptAnchors(submitted)).toBeNull();
});

it("an account whose acknowledgement was lost tells the same again", async () => {
  const [sender, receiver] = [await fundedWallet(10), await openWallet()];
  const submitted = submission(transfer(sender, receiver, 4));
  network.next("post", "drop_after", receiver);
  await submit(submitted);
  expect(outcomeOf(await submit(submitted))).toBe("committed");
  expect(await keptAnchors(submitted)).toEqual(await anchorsInAccounts(submitted));
});

it("a posted leg whose entry is gone is not acknowledged again", async () => {
  const [sender, receiver] = [await fundedWallet(10), await openWallet()];
  const submitted = submission(transfer(sender, receiver, 4));
  await submit(submitted);
  const [debit] = sidesOf(submitted);
  await runSql(debit.object, "DROP TRIGGER entries_not_deleted");
  await runSql(debit.object, "DELETE FROM entries WHERE transaction_id = ?", submitted.id);
  expect(await debit.post()).toMatchObject({ acknowledged: false, reason: "fault" });
});
