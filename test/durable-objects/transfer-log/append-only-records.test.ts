// Guarantee: what the transfer log decided and who claimed a payment reference cannot be rewritten,
// not even by statements run inside of the object.
import { beforeAll, describe, expect, it } from "vitest";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { call } from "../../support/caller.ts";
import { funding, submission, submit, transfer } from "../../support/ledger.ts";
import { externalObject, logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { copyRow, attacksThatPass, rewritesOf } from "../../support/attacks.ts";
import { refusalOf, runSql } from "../../support/objects.ts";

async function claimAttacksThatPass(object: DurableObjectStub, { id }: Submission) {
  const where = `transaction_id = '${id}'`;
  const attacks = await rewritesOf(object, "claims", where);
  for (const insert of ["INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"]) {
    const taken = { transaction_id: "'txn_THIEF'" };
    attacks.push(await copyRow(object, insert, "claims", where, taken));
  }
  attacks.push(`UPDATE claims SET key = 'other' WHERE ${where}`);
  return attacksThatPass(object, attacks, /claims a key, once|claims are|only the claim/);
}

describe("the claims of the outside world", () => {
  it("cannot be changed, taken over or given up while their leg is held", async () => {
    const claim = submission(funding(await openWallet(), 5));
    const [external] = sidesOf(claim);
    await external.hold();
    expect(await claimAttacksThatPass(external.object, claim)).toEqual([]);
  });

  it("cannot be changed, taken over or given up once they are posted", async () => {
    const claim = submission(funding(await openWallet(), 5));
    await submit(claim);
    expect(await claimAttacksThatPass(externalObject(claim), claim)).toEqual([]);
  });

  it("go with the void of their leg, and with nothing else", async () => {
    const claim = submission(funding(await openWallet(), 5));
    const [external] = sidesOf(claim);
    await external.hold();
    await external.release();
    const where = "SELECT * FROM claims WHERE transaction_id = ?";
    expect(await runSql(external.object, where, claim.id)).toEqual([]);
    expect(await recordedLeg(external.object, claim.id)).toMatchObject({ state: "void" });
  });
});

describe("the ledger and identity of the outside world", () => {
  it("are as immutable as a wallet's", async () => {
    const claim = submission(funding(await openWallet(), 5));
    await submit(claim);
    const object = externalObject(claim);
    for (const [table, where] of [
      ["entries", `transaction_id = '${claim.id}'`],
      ["legs", `transaction_id = '${claim.id}'`],
      ["identity", "id = 1"],
    ] as const) {
      expect(await attacksThatPass(object, await rewritesOf(object, table, where), /./)).toEqual(
        [],
      );
    }
  });
});

/** Columns of a transaction that are fixed from its first moment. */
const fixed = [
  "id",
  "tenant",
  "fingerprint",
  "request",
  "lines",
  "renderer",
  "created_at",
  "deadline",
  "principal",
  "request_id",
  "nonce",
];

describe("a transaction in the log", () => {
  let committed: Submission;
  let refused: Submission;
  let preparing: Submission;
  let deciding: Submission;

  beforeAll(async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const described = (amount: number) => ({
      ...transfer(sender, receiver, amount),
      description: "rent",
    });
    committed = submission(described(40));
    refused = submission(described(400));
    await submit(committed);
    await submit(refused);
    for (const { id } of [committed, refused]) {
      await logObject(id).find({ ...call, transactionId: id });
    }
    preparing = submission(described(1));
    deciding = submission(described(1));
    await recordTransaction(preparing);
    await recordTransaction(deciding, { state: "committed" });
  });

  const all = () => [committed, refused, preparing, deciding];

  it("never changes what was recorded of it", async () => {
    for (const { id } of all()) {
      const attacks = fixed.flatMap((column) =>
        ["UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"].map(
          (update) => `${update} transactions SET ${column} = ${column} || '1' WHERE id = '${id}'`,
        ),
      );
      expect(await attacksThatPass(logObject(id), attacks, /does not change|cannot store/)).toEqual(
        [],
      );
    }
  });

  it("is never deleted, nor replaced, nor recorded a second time", async () => {
    for (const { id } of all()) {
      const log = logObject(id);
      const where = `id = '${id}'`;
      const attacks = [`DELETE FROM transactions WHERE ${where}`, "DELETE FROM transactions"];
      const fresh = {
        open: "1",
        state: "'preparing'",
        refusal: "NULL",
        decided_at: "NULL",
        settled_at: "NULL",
      };
      for (const insert of ["INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"]) {
        attacks.push(await copyRow(log, insert, "transactions", where));
        attacks.push(await copyRow(log, insert, "transactions", where, fresh));
        const decided = { id: "id || '1'", state: "'committed'", decided_at: "1" };
        attacks.push(await copyRow(log, insert, "transactions", where, decided));
      }
      expect(await attacksThatPass(log, attacks, /never deleted|starts preparing/)).toEqual([]);
    }
  });

  it("keeps its decision", async () => {
    for (const { id } of [committed, refused, deciding]) {
      const update = (assignments: string) =>
        `UPDATE OR REPLACE transactions SET ${assignments} WHERE id = '${id}'`;
      const attacks = [
        update("state = 'preparing', decided_at = NULL, refusal = NULL"),
        update("state = 'committed', refusal = '{}'"),
        update("decided_at = decided_at + 1"),
        update('refusal = \'{"code":"wallet_frozen"}\''),
      ];
      const other = id === refused.id ? "committed" : "rejected";
      const reason = id === refused.id ? "NULL" : "'{}'";
      attacks.push(update(`state = '${other}', refusal = ${reason}`));
      expect(await attacksThatPass(logObject(id), attacks, /does not change/)).toEqual([]);
    }
  });

  it("stays settled", async () => {
    for (const { id } of [committed, refused]) {
      const attacks = [
        "open = 1",
        "open = 1, settled_at = NULL",
        "open = 2",
        "settled_at = settled_at + 1",
        "anchors = '[]'",
      ].map((assignments) => `UPDATE transactions SET ${assignments} WHERE id = '${id}'`);
      expect(await attacksThatPass(logObject(id), attacks, /does not change/)).toEqual([]);
    }
  });

  it("stays settled while it has still to be told to others, and when that is done", async () => {
    const told = submission(transfer(await openWallet(), await openWallet(), 1));
    await recordTransaction(told, { state: "committed" });
    const log = logObject(told.id);
    const update = (assignments: string) =>
      `UPDATE transactions SET ${assignments} WHERE id = '${told.id}'`;
    expect(await refusalOf(log, update("open = 2, settled_at = 7"))).toBe("");
    const attacks = ["open = 1, settled_at = NULL", "settled_at = 8", "open = 0, settled_at = 8"];
    attacks.push("open = 0, anchors = '[]'");
    expect(await attacksThatPass(log, attacks.map(update), /does not change/)).toEqual([]);
    expect(await refusalOf(log, update("open = 0"))).toBe("");
  });

  it("keeps description and metadata, but for a rejected one that is settled", async () => {
    const update = (id: string, details: string) =>
      `UPDATE transactions SET details = ${details} WHERE id = '${id}'`;
    for (const { id } of all()) {
      expect(await attacksThatPass(logObject(id), [update(id, "'{}'")], /does not change/)).toEqual(
        [],
      );
      if (id === refused.id) continue;
      expect(await attacksThatPass(logObject(id), [update(id, "NULL")], /does not change/)).toEqual(
        [],
      );
    }
    expect(await refusalOf(logObject(refused.id), update(refused.id, "NULL"))).toBe("");
  });

  it("cannot be settled without a decision, nor decided without its reason", async () => {
    const { id } = preparing;
    const update = (assignments: string) =>
      `UPDATE transactions SET ${assignments} WHERE id = '${id}'`;
    const attacks = [
      update("open = 0, settled_at = 1"),
      update("open = 0"),
      update("settled_at = 1"),
      update("state = 'committed'"),
      update("state = 'rejected', decided_at = 1"),
      update("state = 'committed', decided_at = 1, refusal = '{}'"),
      update("state = 'stuck', decided_at = 1"),
    ];
    expect(await attacksThatPass(logObject(id), attacks, /constraint/i)).toEqual([]);
  });

  it("lies in a shard whose identity is written once", async () => {
    const log = logObject(committed.id);
    const attacks = await rewritesOf(log, "identity", "id = 1");
    attacks.push(await copyRow(log, "INSERT", "identity", "id = 1", { id: "2" }));
    expect(await attacksThatPass(log, attacks, /written once|immutable/)).toEqual([]);
  });
});
