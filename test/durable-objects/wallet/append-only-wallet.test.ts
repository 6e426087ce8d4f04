// Guarantee: a wallet's records cannot be rewritten, not even by statements run inside of its
// object: entries only continue the chain with what was held, legs only close, once.
import { evictDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { funding, submission, transfer } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { freeze, openWallet } from "../../support/wallets.ts";
import { postMany, sidesOf } from "../../support/legs.ts";
import { copyRow, attacksThatPass, rewritesOf } from "../../support/attacks.ts";
import { failureOf, runSql } from "../../support/objects.ts";

const someone = `wal_${"0".repeat(26)}`;
let object: DurableObjectStub;
/** Transactions of which the wallet holds the debit, and released the debit. */
let held: string;
let released: string;

beforeAll(async () => {
  const walletId = await openWallet();
  object = walletObject(walletId);
  await postMany(walletId, 65, () => submission(funding(walletId, 100)));
  const [open] = sidesOf(submission(transfer(walletId, someone, 30)));
  const [gone] = sidesOf(submission(transfer(walletId, someone, 40)));
  await Promise.all([open.hold(), gone.hold()]);
  await gone.release();
  [held, released] = [open.call.posting.transactionId, gone.call.posting.transactionId];
  for (const frozen of [true, false]) await freeze(walletId, frozen);
});

/** The entry that may rightly be appended next, with changes. */
function appended(changes: Readonly<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    sequence: "(SELECT max(sequence) + 1 FROM entries)",
    transaction_id: `'${held}'`,
    line: "1",
    type: "'transfer'",
    bucket: "'available'",
    direction: "'debit'",
    amount: "30",
    currency: "'USD'",
    counterparty: `'${someone}'`,
    decided_at: "1",
    created_at: "9999999999999",
    previous_hash: "(SELECT hash FROM entries ORDER BY sequence DESC LIMIT 1)",
    hash: "'forged'",
    ...changes,
  };
  const columns = Object.keys(values).join(", ");
  return `INSERT INTO entries (${columns}) VALUES (${Object.values(values).join(", ")})`;
}

const restarts = {
  "in a running object": async () => {},
  "after an eviction": () => evictDurableObject(object),
};

describe.each(Object.entries(restarts))("rewriting what was written, %s", (_, restart) => {
  it.each(["sequence = 1", "sequence = 65"])("is refused for entries: %s", async (where) => {
    await restart();
    const rewrites = await rewritesOf(object, "entries", where);
    expect(await attacksThatPass(object, rewrites, /entries are|an entry continues/)).toEqual([]);
  });

  it("is refused for legs that are posted, void or held", async () => {
    await restart();
    for (const where of ["sequence = 1", `transaction_id = '${released}'`, "open = 1"]) {
      const rewrites = await rewritesOf(object, "legs", where);
      expect(await attacksThatPass(object, rewrites, /a leg|legs are/)).toEqual([]);
    }
  });

  it("is refused for the identity", async () => {
    await restart();
    const rewrites = await rewritesOf(object, "identity", "id = 1");
    rewrites.push(await copyRow(object, "INSERT", "identity", "id = 1", { id: "2" }));
    expect(await attacksThatPass(object, rewrites, /written once|immutable/)).toEqual([]);
  });

  it("is refused for the profile", async () => {
    await restart();
    const rewrites = await rewritesOf(object, "profiles", "version = 1");
    const refused = /versions of a profile|a version of a profile/;
    expect(await attacksThatPass(object, rewrites, refused)).toEqual([]);
  });

  it("is refused for freezes", async () => {
    await restart();
    for (const where of ["id = 1", "id = 2"]) {
      expect(
        await attacksThatPass(object, await rewritesOf(object, "freezes", where), /freezes are/),
      ).toEqual([]);
    }
  });

  it("is refused for checkpoints, which may only be deleted", async () => {
    await restart();
    const rewrites = await rewritesOf(object, "checkpoints", "sequence = 64");
    const kept = rewrites.filter((statement) => !statement.startsWith("DELETE"));
    expect(kept.length).toBe(rewrites.length - 2);
    expect(await attacksThatPass(object, kept, /checkpoints are|a checkpoint/)).toEqual([]);
  });
});

describe("a changed copy put in the place of the original", () => {
  it.each(["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE", "INSERT OR ROLLBACK"])(
    "is refused: %s",
    async (insert) => {
      const attacks = await Promise.all([
        copyRow(object, insert, "entries", "sequence = 1", { amount: "amount + 1" }),
        copyRow(object, insert, "legs", "sequence = 1", { sequence: "NULL" }),
        copyRow(object, insert, "legs", "sequence = 1", { open: "1", sequence: "NULL" }),
        copyRow(object, insert, "legs", `transaction_id = '${released}'`, { open: "1" }),
        copyRow(object, insert, "checkpoints", "sequence = 64", { sums: "'{}'" }),
        copyRow(object, insert, "freezes", "id = 2", { scope: "'all'" }),
        copyRow(object, insert, "freezes", "id = 2", { id: "3", scope: "'all'" }),
      ]);
      expect(await attacksThatPass(object, attacks, /./)).toEqual([]);
    },
  );

  it("is refused as an upsert", async () => {
    const upsert = `${await copyRow(object, "INSERT", "entries", "sequence = 1")}
      ON CONFLICT DO UPDATE SET amount = 1`;
    expect(await attacksThatPass(object, [upsert], /an entry continues/)).toEqual([]);
  });
});

describe("an entry that is appended", () => {
  it("must have the next sequence, the last hash and a time not before the last", async () => {
    const attacks = [
      appended({ sequence: "(SELECT max(sequence) + 2 FROM entries)" }),
      appended({ sequence: "(SELECT max(sequence) FROM entries)" }),
      appended({ sequence: "0" }),
      appended({ sequence: "-1" }),
      appended({ sequence: "NULL" }),
      appended({ previous_hash: "'other'" }),
      appended({ previous_hash: "(SELECT genesis FROM identity)" }),
      appended({ created_at: "1" }),
    ];
    expect(await attacksThatPass(object, attacks, /an entry continues/)).toEqual([]);
  });

  it("must post a leg that is held, with its content", async () => {
    const posted = "(SELECT transaction_id FROM legs WHERE sequence = 1)";
    const attacks = [
      appended({ transaction_id: "'txn_UNHEARD_OF'" }),
      appended({ transaction_id: `'${released}'`, amount: "40" }),
      appended({ transaction_id: posted, direction: "'credit'", amount: "100" }),
      appended({ amount: "29" }),
      appended({ direction: "'credit'" }),
      appended({ currency: "'EUR'" }),
      appended({ bucket: "'reserved'" }),
      appended({ line: "2" }),
      appended({ line: "0" }),
    ];
    expect(await attacksThatPass(object, attacks, /an entry continues/)).toEqual([]);
  });

  it("follows the genesis of its account where it is the first", async () => {
    const walletId = await openWallet();
    const [, credit] = sidesOf(submission(funding(walletId, 5)));
    await credit.hold();
    const { transactionId } = credit.call.posting;
    const first = (previousHash: string) =>
      appended({
        sequence: "1",
        transaction_id: `'${transactionId}'`,
        direction: "'credit'",
        amount: "5",
        previous_hash: previousHash,
      });
    const attacks = ["'other'", "''", "(SELECT hash FROM entries)"].map(first);
    expect(await attacksThatPass(credit.object, attacks, /an entry continues/)).toEqual([]);
    await runSql(credit.object, first("(SELECT genesis FROM identity)"));
  });

  it("must have an amount from 1 to 2^53 - 1", async () => {
    const leg = (amount: string) =>
      `INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount)
       VALUES (1, 'txn_ODD', 'fp', 'available', 'debit', 'USD', ${amount})`;
    const attacks = ["0", "-1", "9007199254740992", "1.5", "'x'", "NULL"].map(leg);
    expect(await attacksThatPass(object, attacks, /constraint|cannot store/i)).toEqual([]);
  });
});

describe("a leg that is inserted", () => {
  it("starts held or void, and never as posted", async () => {
    const posted = `INSERT INTO legs
      (open, transaction_id, fingerprint, bucket, direction, currency, amount, sequence)
      VALUES (0, 'txn_POSTED', 'fp', 'available', 'debit', 'USD', 1, 1)`;
    expect(await attacksThatPass(object, [posted], /a leg starts held or void/)).toEqual([]);
  });
});

describe("a freeze that is appended", () => {
  it("is the newest, also where a number was left out", async () => {
    const walletId = await openWallet();
    await freeze(walletId, true);
    const wallet = walletObject(walletId);
    const at = (id: string) =>
      copyRow(wallet, "INSERT", "freezes", "id = 1", { id, freeze_id: `'frz_${id}'` });
    await runSql(wallet, await at("9"));
    expect(await attacksThatPass(wallet, [await at("5")], /freezes are appended/)).toEqual([]);
  });

  it("says who, why and for which request, which no other one may be for", async () => {
    const next = (changes: Readonly<Record<string, string>>) =>
      copyRow(object, "INSERT OR REPLACE", "freezes", "id = 2", { id: "3", ...changes });
    const fresh = { freeze_id: "'frz_3'" };
    const attacks = [
      await next({}),
      await next({ freeze_id: "NULL" }),
      await next({ ...fresh, id: "1" }),
      ...(await Promise.all(
        ["fingerprint", "reason", "principal", "renderer"].map((column) =>
          next({ ...fresh, [column]: "NULL" }),
        ),
      )),
    ];
    expect(await attacksThatPass(object, attacks, /NOT NULL|freezes are/)).toEqual([]);
  });
});

describe("a held leg", () => {
  it("closes only as it is, and as posted only with its own entry", async () => {
    const close = (assignments: string) =>
      `UPDATE legs SET open = 0, ${assignments} WHERE open = 1 AND transaction_id = '${held}'`;
    const attacks = [
      close("amount = 1"),
      close("bucket = 'reserved'"),
      close("further = '[]'"),
      close("origin = 'txn_OTHER'"),
      close("currency = 'EUR'"),
      close("direction = 'credit'"),
      close("fingerprint = 'other'"),
      close("transaction_id = 'txn_OTHER'"),
      close("refusal = '{}'"),
      close("sequence = 1"),
      close("sequence = 66"),
      close("sequence = -1"),
    ];
    expect(await attacksThatPass(object, attacks, /a leg only closes/)).toEqual([]);
  });

  it("is closed by its entry, and then neither posted again, nor opened, nor given up", async () => {
    await runSql(object, appended());
    const leg = "SELECT open, sequence FROM legs WHERE transaction_id = ?";
    const closed = { open: 0, sequence: 66 };
    expect(await runSql(object, leg, held)).toEqual([closed]);
    const set = (assignments: string) =>
      `UPDATE legs SET ${assignments} WHERE transaction_id = '${held}'`;
    const attacks = [
      set("open = 0"),
      set("open = 1"),
      set("open = 0, sequence = NULL"),
      set("open = 0, sequence = 65"),
      set("sequence = 66"),
    ];
    expect(await attacksThatPass(object, attacks, /a leg only closes/)).toEqual([]);
    const again = [appended(), appended({ sequence: "66" })];
    expect(await attacksThatPass(object, again, /an entry continues/)).toEqual([]);
    expect(await runSql(object, leg, held)).toEqual([closed]);
  });
});

describe("a leg that stayed open behind its entry, which the schema rules out", () => {
  it("stops the ledger and is not posted twice", async () => {
    const walletId = await openWallet();
    const [, credit] = sidesOf(submission(funding(walletId, 5)));
    await credit.hold();
    await runSql(credit.object, "DROP TRIGGER entries_close_legs");
    expect(await credit.post()).toMatchObject({ acknowledged: true });
    expect(await failureOf(credit.post)).toContain("an entry continues");
    expect(await runSql(credit.object, "SELECT sequence FROM entries")).toEqual([{ sequence: 1 }]);
  });
});

describe("a checkpoint", () => {
  it("is written with the newest entry and at no other sequence", async () => {
    const insert = (sequence: string) =>
      `INSERT INTO checkpoints (sequence, sums, decided_at, lag) VALUES (${sequence}, '{}', 1, 0)`;
    const attacks = ["1", "63", "128", "0", "-1", "NULL"].map(insert);
    expect(await attacksThatPass(object, attacks, /a checkpoint follows/)).toEqual([]);
  });
});
