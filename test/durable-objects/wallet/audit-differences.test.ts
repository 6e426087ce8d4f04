// Guarantee: a wallet whose file was edited, cut, forged or put back to an older copy is found out,
// and the audit names what is wrong with it.
import { describe, expect, it } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { breakNetwork, errorFaults } from "../../support/faulty-stubs.ts";
import { tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { freeze, fundedWallet, openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { runSql } from "../../support/objects.ts";
import { audit, rehash, tamper } from "../../support/tampering.ts";

const differenceOf = async (walletId: string) => (await audit(walletId)).difference;

/** A wallet with three entries: +100, -40, +7 EUR. */
async function threeEntries() {
  const [walletId, other] = await Promise.all([fundedWallet(100), openWallet()]);
  await submit(submission(transfer(walletId, other, 40)));
  const last = submission({ ...funding(walletId, 7), currency: "EUR" });
  await submit(last);
  return { walletId, other, object: walletObject(walletId), last };
}

it("nothing is found in the wallet that all of these tests begin with", async () => {
  const { walletId } = await threeEntries();
  expect((await audit(walletId)).checked).toMatchObject({ entries: 3, transactions: 3 });
  expect(await differenceOf(walletId)).toBeUndefined();
});

const columns = {
  transaction_id: "'txn_X'",
  type: "'gift'",
  direction: "CASE direction WHEN 'debit' THEN 'credit' ELSE 'debit' END",
  amount: "amount + 1",
  currency: "'GBP'",
  counterparty: "'wal_X'",
  provider: "'elsewhere'",
  payment_reference: "'other'",
  description: "'gift'",
  metadata: `'{"a":"b"}'`,
  line: "2",
  bucket: "'reserved'",
  origin: "'txn_X'",
  payout_reference: "'other'",
  decided_at: "decided_at - 1",
  created_at: "created_at + 1",
  previous_hash: "hash",
  hash: "previous_hash",
} as const;

describe("an entry that was changed", () => {
  it.each(Object.entries(columns))("breaks the chain: %s", async (column, value) => {
    const { walletId, object } = await threeEntries();
    await tamper(object, `UPDATE entries SET ${column} = ${value} WHERE sequence = 2`);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "broken_hash", sequence: 2 });
  });

  it("to more than any balance can be breaks the chain too", async () => {
    const { walletId, object } = await threeEntries();
    const change = "UPDATE entries SET amount = 9007199254740991, direction = 'credit'";
    await tamper(object, `${change} WHERE sequence = 2`);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "broken_hash", sequence: 2 });
  });

  const forged = {
    amount: "amount = 101",
    currency: "currency = 'GBP'",
  } as const;
  it.each(Object.entries(forged))(
    "with its leg and all hashes differs from its log: %s",
    async (field, set) => {
      const { walletId, object, last } = await threeEntries();
      const where = `transaction_id = '${last.id}'`;
      await tamper(object, `UPDATE entries SET ${set} WHERE ${where}`);
      await tamper(object, `UPDATE legs SET ${set} WHERE ${where}`);
      await rehash(walletId);
      const transactionId = last.id;
      const difference = { kind: "leg_differs_from_log", sequence: 3, transactionId, field };
      expect(await differenceOf(walletId)).toEqual(difference);
    },
  );

  const rechained = {
    type: "type = 'transfer'",
    counterparty: "counterparty = 'wal_FORGED'",
    provider: "provider = 'forged'",
    paymentReference: "payment_reference = 'forged'",
    payoutReference: "payout_reference = 'forged'",
    description: "description = 'forged'",
    metadata: `metadata = '{"forged":"1"}'`,
    decidedAt: "decided_at = decided_at - 1",
    hash: "created_at = created_at + 5",
  } as const;
  it.each(Object.entries(rechained))(
    "and chained anew differs from its log: %s",
    async (field, set) => {
      const { walletId, object, last } = await threeEntries();
      await tamper(object, `UPDATE entries SET ${set} WHERE sequence = 3`);
      await rehash(walletId);
      const transactionId = last.id;
      const difference = { kind: "entry_differs_from_log", sequence: 3, transactionId, field };
      expect(await differenceOf(walletId)).toEqual(difference);
    },
  );

  it("of place with another one, all hashes right, differs from its log", async () => {
    const { walletId, object } = await threeEntries();
    const swap = (from: number, to: number) => [
      `UPDATE legs SET sequence = ${to} WHERE sequence = ${from}`,
      `UPDATE entries SET sequence = ${to} WHERE sequence = ${from}`,
    ];
    await tamper(object, ...swap(2, 9), ...swap(3, 2), ...swap(9, 3));
    await tamper(object, "UPDATE entries SET created_at = (SELECT max(created_at) FROM entries)");
    await rehash(walletId);
    const difference = { kind: "entry_differs_from_log", field: "hash" };
    expect(await differenceOf(walletId)).toMatchObject(difference);
  });

  const ofLeg = {
    bucket: "bucket = 'reserved'",
    direction: "direction = 'debit'",
    currency: "currency = 'GBP'",
    amount: "amount = 8",
    origin: "origin = 'txn_X'",
  } as const;
  it.each(Object.entries(ofLeg))(
    "and chained anew differs from its leg: %s",
    async (field, set) => {
      const { walletId, object, last } = await threeEntries();
      await tamper(object, `UPDATE entries SET ${set} WHERE sequence = 3`);
      await rehash(walletId);
      const about = { sequence: 3, transactionId: last.id, field };
      expect(await differenceOf(walletId)).toEqual({ kind: "entry_differs_from_leg", ...about });
    },
  );

  it("so that money was spent before it came makes a negative balance", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, "UPDATE entries SET amount = 39 WHERE sequence = 1");
    await tamper(object, "UPDATE legs SET amount = 39 WHERE sequence = 1");
    await rehash(walletId);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "negative_balance", sequence: 2 });
  });

  it("so that the sum is more than any balance can be is found, all hashes right", async () => {
    const { walletId, object } = await threeEntries();
    const change = "SET amount = 9007199254740991, direction = 'credit' WHERE sequence = 2";
    await tamper(object, `UPDATE entries ${change}`, `UPDATE legs ${change}`);
    await rehash(walletId);
    const difference = { kind: "balance_limit_exceeded", sequence: 2 };
    expect(await differenceOf(walletId)).toMatchObject(difference);
  });

  it("in its log only is found from the wallet's side", async () => {
    const { walletId, last } = await threeEntries();
    const log = logObject(last.id);
    const lines = `replace(lines, ',7]', ',8]')`;
    await tamper(log, `UPDATE transactions SET lines = ${lines} WHERE id = '${last.id}'`);
    const difference = { kind: "leg_differs_from_log", field: "amount" };
    expect(await differenceOf(walletId)).toMatchObject(difference);
  });
});

it("an entry that was posted before it was decided breaks the chain, all hashes right", async () => {
  const { walletId, object } = await threeEntries();
  // In a table that has lost its CHECK.
  await tamper(
    object,
    `DROP VIEW movements; DROP VIEW sound_checkpoints;
     CREATE TABLE edited AS SELECT * FROM entries;
     DROP TABLE entries; ALTER TABLE edited RENAME TO entries;
     UPDATE entries SET decided_at = created_at + 1 WHERE sequence = 2`,
  );
  await rehash(walletId);
  expect(await differenceOf(walletId)).toMatchObject({ kind: "broken_hash", sequence: 2 });
});

describe("a chain that starts elsewhere", () => {
  it("is broken before its first entry, even where every later hash is right", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, "UPDATE identity SET genesis = 'another'");
    expect(await differenceOf(walletId)).toEqual({ kind: "broken_hash", sequence: 0 });
  });

  it("is broken at its first entry where that follows another hash", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, "UPDATE entries SET previous_hash = 'another' WHERE sequence = 1");
    expect(await differenceOf(walletId)).toMatchObject({ kind: "broken_hash", sequence: 1 });
  });
});

describe("entries that are gone", () => {
  it("leave a gap in the middle", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, "DELETE FROM entries WHERE sequence = 2");
    expect(await differenceOf(walletId)).toMatchObject({ kind: "sequence_gap", sequence: 2 });
  });

  it("are missed at the end, where their legs are still there", async () => {
    const { walletId, object, last } = await threeEntries();
    await tamper(object, "DELETE FROM entries WHERE sequence = 3");
    const difference = { kind: "missing_entry", sequence: 3, transactionId: last.id };
    expect(await differenceOf(walletId)).toEqual(difference);
  });

  it("are missed where their legs were made void: the log knows that they were posted", async () => {
    const { walletId, object, last } = await threeEntries();
    await tamper(object, "DELETE FROM entries WHERE sequence = 3");
    await tamper(object, `UPDATE legs SET sequence = NULL WHERE transaction_id = '${last.id}'`);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "missing_entry" });
  });
});

describe("a transaction that is committed and whose leg will not be posted", () => {
  const states = {
    "void, by itself": "UPDATE legs SET open = 0 WHERE open = 1",
    "void, as if refused": `UPDATE legs SET open = 0, refusal = '{"code":"insufficient_funds"}'
      WHERE open = 1`,
  } as const;
  it.each(Object.entries(states))("is found before it is settled: %s", async (_, statement) => {
    const [wallet, other] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(wallet, other, 40));
    for (const side of sidesOf(submitted)) await side.hold();
    await recordTransaction(submitted, { state: "committed" });
    await tamper(walletObject(wallet), statement);
    const difference = { kind: "missing_entry", transactionId: submitted.id };
    expect(await differenceOf(wallet)).toEqual(difference);
  });

  it("is found where it is settled and still held", async () => {
    const { walletId, object, last } = await threeEntries();
    await tamper(object, "DELETE FROM entries WHERE sequence = 3");
    const where = `transaction_id = '${last.id}'`;
    await tamper(object, `UPDATE legs SET open = 1, sequence = NULL WHERE ${where}`);
    await submit(last);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "missing_entry" });
  });
});

const unknownId = () => transactionIdFor(tenant, newKey());

const forgeEntry = (transactionId: string) =>
  `INSERT INTO entries (sequence, transaction_id, line, type, bucket, direction, amount, currency,
     counterparty, decided_at, created_at, previous_hash, hash)
   SELECT sequence + 1, '${transactionId}', 1, 'funding', 'available', 'credit', 999, 'USD',
     'external:default', decided_at, created_at, hash, 'forged' FROM entries ORDER BY sequence DESC LIMIT 1`;

const forgeLeg = (transactionId: string, open: 0 | 1, sequence: number | "NULL") =>
  `INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount, sequence)
   VALUES (${open}, '${transactionId}', 'fp1:forged', 'available', 'credit', 'USD', 999, ${sequence})`;

describe("money from nowhere", () => {
  it("is unknown to its log, although chain and leg are right", async () => {
    const { walletId, object } = await threeEntries();
    const transactionId = unknownId();
    await tamper(object, forgeLeg(transactionId, 0, 4), forgeEntry(transactionId));
    await rehash(walletId);
    const difference = { kind: "entry_unknown_to_log", sequence: 4, transactionId };
    expect(await differenceOf(walletId)).toEqual(difference);
  });

  it("is unknown to a log that has rejected it", async () => {
    const { walletId, other, object } = await threeEntries();
    const refused = submission(transfer(other, walletId, 999));
    await submit(refused);
    const { id: transactionId } = refused;
    await tamper(object, `UPDATE legs SET sequence = 4 WHERE transaction_id = '${transactionId}'`);
    await tamper(object, forgeEntry(transactionId));
    await rehash(walletId);
    const difference = { kind: "entry_unknown_to_log", sequence: 4, transactionId };
    expect(await differenceOf(walletId)).toEqual(difference);
  });

  it("is not called unknown by a log that cannot be asked", async () => {
    const { walletId, object } = await threeEntries();
    const transactionId = unknownId();
    await tamper(object, forgeLeg(transactionId, 0, 4), forgeEntry(transactionId));
    await rehash(walletId);
    const { network, restore } = breakNetwork();
    try {
      for (const fault of errorFaults) {
        network.every("legRecords", fault, walletId);
        const report = await audit(walletId);
        expect(report).toMatchObject({ unreachableShards: 4 });
        expect(report.difference).toBeUndefined();
        network.heal();
      }
    } finally {
      restore();
    }
  });

  it("is an entry without a leg where none was forged", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, forgeEntry(unknownId()));
    await rehash(walletId);
    expect(await differenceOf(walletId)).toMatchObject({ kind: "entry_without_leg", sequence: 4 });
  });

  it("is an entry without a leg where one transaction was posted twice", async () => {
    const { walletId, object, last } = await threeEntries();
    await tamper(object, forgeEntry(last.id));
    await rehash(walletId);
    const difference = { kind: "entry_without_leg", sequence: 4, transactionId: last.id };
    expect(await differenceOf(walletId)).toEqual(difference);
  });
});

describe("a leg that says it is posted", () => {
  it.each([2, 9])("and has no entry is found: it points to sequence %i", async (sequence) => {
    const { walletId, object } = await threeEntries();
    const transactionId = unknownId();
    await tamper(object, forgeLeg(transactionId, 0, sequence));
    const difference = { kind: "missing_entry", sequence, transactionId };
    expect(await differenceOf(walletId)).toEqual(difference);
  });
});

describe("a hold", () => {
  it("that its log does not know is found", async () => {
    const { walletId, object } = await threeEntries();
    const transactionId = unknownId();
    await tamper(object, forgeLeg(transactionId, 1, "NULL"));
    expect(await differenceOf(walletId)).toEqual({ kind: "unknown_hold", transactionId });
  });

  it("of another amount than its log decided is found", async () => {
    const { walletId, other, object } = await threeEntries();
    const submitted = submission(transfer(walletId, other, 5));
    for (const side of sidesOf(submitted)) await side.hold();
    await recordTransaction(submitted, { state: "committed" });
    await tamper(object, "UPDATE legs SET amount = 4 WHERE open = 1");
    const difference = { kind: "leg_differs_from_log", field: "amount" };
    expect(await differenceOf(walletId)).toEqual({ ...difference, transactionId: submitted.id });
  });
});

/** A checkpoint's sums after three entries, and what may be wrong with them. */
const usd = { available: 60, reserved: 0, debited: "40" };
const eur = { available: 7, reserved: 0, debited: "0" };
const right = JSON.stringify({ EUR: eur, USD: usd });

const insertCheckpoint = (sequence: number, sums: string, later = 0) =>
  `INSERT INTO checkpoints (sequence, sums, decided_at, lag)
   SELECT ${sequence}, '${sums}', max(decided_at) + ${later}, max(created_at - decided_at)
   FROM entries`;

describe("a checkpoint", () => {
  const wrong = {
    "of another amount": [3, JSON.stringify({ USD: { ...usd, available: 61 }, EUR: eur })],
    "of another bucket": [3, JSON.stringify({ USD: { ...usd, reserved: 1 }, EUR: eur })],
    "of more debits": [3, JSON.stringify({ USD: { ...usd, debited: "41" }, EUR: eur })],
    "without one currency": [3, JSON.stringify({ USD: usd })],
    "with a currency too many": [3, JSON.stringify({ USD: usd, EUR: eur, GBP: eur })],
    "with a sum too many": [3, JSON.stringify({ USD: { ...usd, credited: "9" }, EUR: eur })],
    "that was never due": [1, right],
    "beyond the last entry": [9, right],
    "that is read in two ways": [3, right.replace("{", `{"USD":${JSON.stringify(eur)},`)],
    "that is no JSON": [3, "damage"],
  } as const;

  it.each(Object.entries(wrong))("that is wrong is found: %s", async (_, [sequence, sums]) => {
    const { walletId, object } = await threeEntries();
    await tamper(object, insertCheckpoint(sequence, sums));
    expect(await differenceOf(walletId)).toEqual({ kind: "wrong_checkpoint", sequence });
  });

  it("with a later decision than there was is found", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, insertCheckpoint(3, right, 1));
    expect(await differenceOf(walletId)).toEqual({ kind: "wrong_checkpoint", sequence: 3 });
  });

  it("with a longer time between decision and posting than there was is found", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, insertCheckpoint(3, right), "UPDATE checkpoints SET lag = lag + 1");
    expect(await differenceOf(walletId)).toEqual({ kind: "wrong_checkpoint", sequence: 3 });
  });

  it("that is right is none", async () => {
    const { walletId, object } = await threeEntries();
    await tamper(object, insertCheckpoint(3, right));
    expect(await differenceOf(walletId)).toBeUndefined();
    expect(await runSql(object, "SELECT sequence FROM checkpoints")).toHaveLength(1);
  });
});

it("a refusal is the one that its log has recorded, and no other that there might have been", async () => {
  const { walletId, other, object } = await threeEntries();
  const refused = submission(transfer(walletId, other, 1_000));
  await submit(refused);
  const about = { field: "refusal", transactionId: refused.id };
  const change = `refusal = replace(refusal, 'insufficient_funds', 'wallet_frozen')`;
  await tamper(object, `UPDATE legs SET ${change} WHERE transaction_id = '${refused.id}'`);
  expect(await differenceOf(walletId)).toEqual({ kind: "leg_differs_from_log", ...about });
});

describe("a freeze", () => {
  const scopes = { none: "fingerprint", credits: "frozen", all: "frozen" } as const;
  it.each(Object.entries(scopes))("that was changed is found: %s", async (scope, field) => {
    const { walletId, object } = await threeEntries();
    await freeze(walletId, true);
    expect(await differenceOf(walletId)).toBeUndefined();
    await tamper(object, `UPDATE freezes SET scope = '${scope}'`);
    expect(await differenceOf(walletId)).toEqual({ kind: "wrong_freeze", sequence: 1, field });
  });
});

describe("a schema", () => {
  const changes = {
    entries_not_updated: "DROP TRIGGER entries_not_updated",
    movements: "DROP VIEW movements",
    legs_closed_once: `DROP TRIGGER legs_closed_once; CREATE TRIGGER legs_closed_once
      BEFORE UPDATE OF open, sequence ON legs WHEN 0 BEGIN SELECT 1; END`,
    added: `CREATE TRIGGER added AFTER INSERT ON entries
      BEGIN UPDATE legs SET amount = 1 WHERE 0; END`,
    migrations: "DELETE FROM migrations WHERE id LIKE 'wallet/%'",
  } as const;

  it.each(Object.entries(changes))(
    "that is not as declared is found: %s",
    async (field, change) => {
      const { walletId, object } = await threeEntries();
      await runSql(object, change);
      expect(await differenceOf(walletId)).toEqual({ kind: "wrong_schema", field });
    },
  );

  it("that a newer release has added to is none", async () => {
    const { walletId, object } = await threeEntries();
    const migration = "CREATE TABLE later (id INTEGER); INSERT INTO migrations VALUES ('z/0001')";
    await runSql(object, migration);
    expect(await differenceOf(walletId)).toBeUndefined();
  });
});
