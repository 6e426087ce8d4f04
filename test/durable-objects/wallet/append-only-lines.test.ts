// Guarantee: the tables themselves post a leg as a whole, and as it was held: no other entry comes
// between its lines, and none is left out, changed or given up.
import { describe, expect, it } from "vitest";
import { attacksThatPass, copyRow } from "../../support/attacks.ts";
import { failureOf, runSql } from "../../support/objects.ts";
import { inWallet, line, posting, settle } from "../../support/postings.ts";
import { walletObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";

type Columns = Readonly<Record<string, string>>;

const later = "9999999999999";

/** A wallet that holds a leg of three lines and one of a single line. */
async function withHeldLegs() {
  const wallet = await openWallet();
  await settle(inWallet(wallet, posting([line("credit", 100)])));
  const long = inWallet(
    wallet,
    posting([
      line("debit", 30),
      line("credit", 20, { bucket: "reserved" }),
      line("credit", 5, { currency: "EUR" }),
    ]),
  );
  const short = inWallet(wallet, posting([line("credit", 7)]));
  for (const side of [long, short]) await side.hold();
  const [id, other] = [long.call.posting.transactionId, short.call.posting.transactionId];
  return { long, short, id, other, object: walletObject(wallet) };
}

/** The INSERT of an entry of the long leg; `hash` is unlike every other. */
function entry(id: string, number: 1 | 2 | 3, changes: Columns = {}): string {
  const lines = {
    1: { bucket: "'available'", direction: "'debit'", amount: "30", currency: "'USD'" },
    2: { bucket: "'reserved'", direction: "'credit'", amount: "20", currency: "'USD'" },
    3: { bucket: "'available'", direction: "'credit'", amount: "5", currency: "'EUR'" },
  };
  const values: Columns = {
    sequence: "(SELECT max(sequence) + 1 FROM entries)",
    transaction_id: `'${id}'`,
    line: String(number),
    type: "'transfer'",
    ...lines[number],
    counterparty: "'wal_X'",
    decided_at: "7",
    created_at: later,
    previous_hash: "(SELECT hash FROM entries ORDER BY sequence DESC LIMIT 1)",
    hash: `'forged ${number}'`,
    ...changes,
  };
  const columns = Object.keys(values).join(", ");
  return `INSERT INTO entries (${columns}) VALUES (${Object.values(values).join(", ")})`;
}

const single: Columns = { bucket: "'available'", direction: "'credit'", amount: "7" };
const refusedEntry = /an entry continues/;

describe("a leg of several lines", () => {
  it("begins with its first line", async () => {
    const { id, object } = await withHeldLegs();
    const attacks = [entry(id, 2), entry(id, 3), entry(id, 2, { line: "1" })];
    expect(await attacksThatPass(object, attacks, refusedEntry)).toEqual([]);
  });

  it("is followed by nothing but its next line, as it was held, until it is whole", async () => {
    const { id, other, long, short, object } = await withHeldLegs();
    await runSql(object, entry(id, 1));
    const attacks = [
      entry(id, 1),
      entry(id, 3),
      entry(id, 3, { line: "2" }),
      entry(id, 2, { amount: "19" }),
      entry(id, 2, { bucket: "'available'" }),
      entry(id, 2, { direction: "'debit'" }),
      entry(id, 2, { currency: "'EUR'" }),
      entry(id, 2, { decided_at: "8" }),
      entry(id, 2, { created_at: `${later} + 1` }),
      entry(id, 2, { created_at: `${later} - 1` }),
      entry(other, 1, single),
      entry(other, 2, single),
    ];
    expect(await attacksThatPass(object, attacks, refusedEntry)).toEqual([]);
    expect(await failureOf(short.post)).toMatch(refusedEntry);
    expect(await failureOf(long.post)).toMatch(refusedEntry);
    await runSql(object, entry(id, 2));
    expect(await attacksThatPass(object, [entry(other, 1, single)], refusedEntry)).toEqual([]);
    await runSql(object, entry(id, 3));
    const legs = "SELECT open, sequence FROM legs WHERE transaction_id = ?";
    expect(await runSql(object, legs, id)).toEqual([{ open: 0, sequence: 4 }]);
    expect(await attacksThatPass(object, [entry(id, 1), entry(id, 3)], refusedEntry)).toEqual([]);
    await runSql(object, entry(other, 1, single));
  });

  it("of which a line is posted is neither given up nor closed before its last", async () => {
    const { id, long, object } = await withHeldLegs();
    const close = (sequence: string) =>
      `UPDATE legs SET open = 0, sequence = ${sequence} WHERE transaction_id = '${id}'`;
    const refused = /a leg only closes/;
    await runSql(object, entry(id, 1));
    expect(await attacksThatPass(object, ["NULL", "1", "2", "3"].map(close), refused)).toEqual([]);
    expect(await failureOf(long.release)).toMatch(refused);
    await runSql(object, entry(id, 2));
    expect(await attacksThatPass(object, ["NULL", "2", "3"].map(close), refused)).toEqual([]);
  });

  it("has no line twice and none of another amount than its row says", async () => {
    const { object } = await withHeldLegs();
    const attacks = ["'[]'", "'no list'", "'{}'"].map(
      (further) =>
        `INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount,
           further) VALUES (1, 'txn_ODD', 'fp', 'available', 'debit', 'USD', 1, ${further})`,
    );
    expect(await attacksThatPass(object, attacks, /constraint|malformed JSON/i)).toEqual([]);
  });
});

describe("an entry", () => {
  it("is not older than its decision", async () => {
    const { id, object } = await withHeldLegs();
    const attacks = [entry(id, 1, { decided_at: `${later} + 1` })];
    expect(await attacksThatPass(object, attacks, /constraint/i)).toEqual([]);
  });
});

describe("versions of a profile", () => {
  const personal = ["fingerprint", "name", "email", "metadata", "external_id"];
  const without = (columns: readonly string[]) =>
    columns.map((column) => `${column} = NULL`).join(", ");
  const gone = without(personal);

  it("are appended, and not as erased", async () => {
    const object = walletObject(await openWallet());
    const next = (insert: string, changes: Columns) =>
      copyRow(object, insert, "profiles", "version = 1", changes);
    const attacks = await Promise.all([
      next("INSERT", {}),
      next("INSERT OR REPLACE", { name: "'Eve'" }),
      next("REPLACE", { name: "'Eve'" }),
      next("INSERT", { version: "3" }),
      next("INSERT", { version: "0" }),
      next("INSERT", { version: "2", erased_at: "1", name: "NULL", fingerprint: "NULL" }),
    ]);
    expect(await attacksThatPass(object, attacks, /versions of a profile are app/)).toEqual([]);
    await runSql(object, await next("INSERT", { version: "2", name: "'Ada B.'" }));
  });

  it("change only by losing everything personal, once", async () => {
    const object = walletObject(await openWallet());
    const update = (assignments: string) => `UPDATE profiles SET ${assignments}`;
    const full = { email: "'a@example.com'", metadata: "'{}'", external_id: "'7'" };
    const second = { version: "2", ...full };
    await runSql(object, await copyRow(object, "INSERT", "profiles", "version = 1", second));
    const attacks = [
      ...personal.map((kept) => {
        const others = personal.filter((column) => column !== kept);
        return update(`erased_at = 1, ${without(others)} WHERE version = 2`);
      }),
      update("name = 'Eve'"),
      update("email = 'eve@example.com'"),
      update("erased_at = 1"),
      update("erased_at = 1, name = NULL"),
      update(`erased_at = 1, ${gone}, created_at = 1`),
      update(`erased_at = 1, ${gone}, renderer = 9`),
      update(`erased_at = 1, ${gone}, version = 2`),
      update(`erased_at = 1, ${gone}, nonce = 'other'`),
      update(gone),
      "DELETE FROM profiles",
    ];
    const refused = /a version of a profile is|versions of a profile are never|constraint/i;
    expect(await attacksThatPass(object, attacks, refused)).toEqual([]);
    await runSql(object, update(`erased_at = 1, ${gone}`));
    const again = [
      update("erased_at = 2"),
      update("erased_at = NULL, name = 'Ada', fingerprint = 'fp'"),
      update("metadata = '{}'"),
    ];
    expect(await attacksThatPass(object, again, refused)).toEqual([]);
  });
});
