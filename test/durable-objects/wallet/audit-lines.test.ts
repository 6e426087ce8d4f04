// Guarantee: a leg of several lines stands in a ledger as a whole, at one time, as its row and its
// log have it, and behind its origin; where it does not, the audit says so.
import { describe, expect, it } from "vitest";
import { transactionIdFor, walletAddress } from "../../../src/domain/ids.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit } from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { sideAt, sidesOf } from "../../support/legs.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { audit, rehash, tamper } from "../../support/tampering.ts";

const differenceOf = async (walletId: string) => (await audit(walletId)).difference;

/** Five entries: +100; -10, -5 and +3 EUR of one split; +7. */
async function walletWithSplit() {
  const [walletId, other, third] = await Promise.all([
    fundedWallet(100),
    openWallet(),
    openWallet(),
  ]);
  const euros = { ...funding(other, 3), currency: "EUR" };
  expect(outcomeOf(await submit(submission(euros)))).toBe("committed");
  const postings = [
    { from: walletId, to: other, amount: 10 },
    { from: other, to: walletId, amount: 3, currency: "EUR" },
    { from: walletId, to: third, amount: 5 },
  ];
  const split = submission({ type: "split", postings });
  const last = submission(funding(walletId, 7));
  for (const one of [split, last]) expect(outcomeOf(await submit(one))).toBe("committed");
  return { walletId, object: walletObject(walletId), split, last };
}

it("nothing is found in the wallet that all of these tests begin with", async () => {
  const { walletId } = await walletWithSplit();
  expect(await audit(walletId)).toMatchObject({ checked: { entries: 5, transactions: 3 } });
  expect(await differenceOf(walletId)).toBeUndefined();
});

const setEntry = (sequence: number, set: string) =>
  `UPDATE entries SET ${set} WHERE sequence = ${sequence}`;

describe("the entries of a leg, all hashes right", () => {
  const edits = {
    "in another order": [3, [setEntry(3, "line = 3"), setEntry(4, "line = 2")]],
    "with a number that comes twice": [4, [setEntry(4, "line = 2")]],
    "without a first line": [2, [setEntry(2, "line = 2")]],
    "with an entry of another transaction between them": [
      3,
      [setEntry(3, "transaction_id = 'txn_X', line = 2")],
    ],
    "posted at two times": [
      4,
      [
        "UPDATE entries SET created_at = created_at + 1 WHERE sequence >= 4",
        "UPDATE entries SET created_at = created_at + 1 WHERE sequence = 5",
      ],
    ],
    "decided at two times": [3, [setEntry(3, "decided_at = decided_at - 1")]],
  } as const;
  it.each(Object.entries(edits))("are no whole leg: %s", async (_, [sequence, statements]) => {
    const { walletId, object } = await walletWithSplit();
    await tamper(object, ...statements);
    await rehash(walletId);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "incomplete_leg", sequence });
  });

  it("are no whole leg where another one begins before the last line", async () => {
    const { walletId, object, split } = await walletWithSplit();
    await tamper(object, setEntry(4, "transaction_id = 'txn_X', line = 1"));
    await rehash(walletId);
    const about = { sequence: 3, transactionId: split.id };
    expect(await differenceOf(walletId)).toEqual({ kind: "incomplete_leg", ...about });
  });

  it("are no whole leg where the ledger ends before the last line", async () => {
    const { walletId, object, split, last } = await walletWithSplit();
    await tamper(object, "DELETE FROM entries WHERE sequence > 3");
    await tamper(object, `DELETE FROM legs WHERE transaction_id = '${last.id}'`);
    const about = { sequence: 3, transactionId: split.id };
    expect(await differenceOf(walletId)).toEqual({ kind: "incomplete_leg", ...about });
  });

  it("differ from their leg in a further line", async () => {
    const { walletId, object } = await walletWithSplit();
    await tamper(object, setEntry(4, "amount = 4"));
    await rehash(walletId);
    const about = { sequence: 4, field: "amount" };
    expect(await differenceOf(walletId)).toMatchObject({
      kind: "entry_differs_from_leg",
      ...about,
    });
  });

  it("differ from their log in what the leg's row does not say", async () => {
    const { walletId, object, last } = await walletWithSplit();
    // Its hash would differ, too.
    const ofLast = `WHERE transaction_id = '${last.id}'`;
    await tamper(object, `DELETE FROM entries ${ofLast}`, `DELETE FROM legs ${ofLast}`);
    await tamper(object, setEntry(3, "counterparty = 'wal_FORGED'"));
    await rehash(walletId);
    const about = { sequence: 3, field: "counterparty" };
    expect(await differenceOf(walletId)).toMatchObject({
      kind: "entry_differs_from_log",
      ...about,
    });
  });
});

describe("the row of a leg", () => {
  const setLeg = (set: string, id: string) =>
    `UPDATE legs SET ${set} WHERE transaction_id = '${id}'`;

  const edits = {
    "with another further line": [`further = replace(further, ',5]', ',6]')`, "amount"],
    "with white space": [`further = replace(further, ',', ', ')`, "lines"],
    "with a line that is longer": [`further = replace(further, ',5]', ',5,0]')`, "lines"],
    "with further lines that are no JSON": ["further = '[[]]'", "lines"],
  } as const;
  it.each(Object.entries(edits))("differs from its entries: %s", async (_, [set, field]) => {
    const { walletId, object, split } = await walletWithSplit();
    await tamper(object, setLeg(set, split.id));
    const about = { kind: "entry_differs_from_leg", transactionId: split.id, field };
    expect(await differenceOf(walletId)).toMatchObject(about);
  });

  it.each(["sequence = 3", "further = NULL"])("points elsewhere: %s", async (set) => {
    const { walletId, object, split } = await walletWithSplit();
    await tamper(object, setLeg(set, split.id));
    const about = { kind: "entry_without_leg", transactionId: split.id };
    expect(await differenceOf(walletId)).toMatchObject(about);
  });

  it("has another number of lines than its log, with entries for all of them", async () => {
    const { walletId, split } = await walletWithSplit();
    const lines = `json_remove(lines, '$[5]', '$[4]')`;
    const change = `UPDATE transactions SET lines = ${lines} WHERE id = '${split.id}'`;
    await tamper(logObject(split.id), change);
    const about = { kind: "leg_differs_from_log", field: "lines", transactionId: split.id };
    expect(await differenceOf(walletId)).toMatchObject(about);
  });
});

it("a bucket that was below zero between two legs is found, though the balance never was", async () => {
  const { walletId, object } = await walletWithSplit();
  const bucket = "SET bucket = 'reserved' WHERE sequence = 1";
  await tamper(object, `UPDATE entries ${bucket}`, `UPDATE legs ${bucket}`);
  await rehash(walletId);
  expect(await differenceOf(walletId)).toMatchObject({ kind: "negative_balance", sequence: 4 });
});

/** A wallet with a leg that names the funding before it as its origin; its log does not know it. */
async function walletWithOrigin({ isPosted }: { readonly isPosted: boolean }) {
  const walletId = await openWallet();
  const origin = submission(funding(walletId, 10));
  await submit(origin);
  const submitted = submission(funding(walletId, 4));
  const { posting } = sidesOf(submitted)[1].call;
  const named = { transactionId: origin.id, refusal: "transaction_expired" } as const;
  const side = sideAt(walletAddress(walletId), { ...posting, origin: named });
  await side.hold();
  if (isPosted) await side.post();
  await recordTransaction(submitted);
  return { walletId, object: walletObject(walletId), transactionId: submitted.id, origin };
}

describe("a leg that names an origin", () => {
  it("which is posted before it is right by itself: only its log says otherwise", async () => {
    const held = await walletWithOrigin({ isPosted: false });
    const differs = { kind: "leg_differs_from_log", field: "origin" };
    expect(await differenceOf(held.walletId)).toMatchObject(differs);
  });

  it("which is not posted here is found, held and posted", async () => {
    for (const isPosted of [false, true]) {
      const { walletId, object, transactionId } = await walletWithOrigin({ isPosted });
      const unknown = `SET origin = '${transactionIdFor(tenant, newKey())}' WHERE origin IS NOT NULL`;
      await tamper(object, `UPDATE legs ${unknown}`, `UPDATE entries ${unknown}`);
      await rehash(walletId);
      const found = { kind: "origin_not_posted", transactionId };
      expect(await differenceOf(walletId)).toMatchObject(found);
    }
  });

  it("which is posted behind it is found", async () => {
    const { walletId, object } = await walletWithOrigin({ isPosted: true });
    const later = submission(funding(walletId, 5));
    await submit(later);
    const change = `SET origin = '${later.id}' WHERE origin IS NOT NULL`;
    await tamper(object, `UPDATE legs ${change}`, `UPDATE entries ${change}`);
    await rehash(walletId);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "origin_not_posted", sequence: 2 });
  });
});
