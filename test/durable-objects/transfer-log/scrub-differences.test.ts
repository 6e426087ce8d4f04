// Guarantee: what a log shard has decided and its accounts no longer have, or have otherwise, is
// found within one round of its scrub, whichever file was edited, cut or put back to an older copy;
// and what is in order is never called a difference.
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { scrubIntervalMs } from "../../../src/domain/limits.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { tenant } from "../../support/caller.ts";
import { keyInShard, referenceInShard } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { externalObject, logObject, walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { authorize, endOf } from "../../support/authorized.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { runSql } from "../../support/objects.ts";
import { findingsOf, runRound, shardObject, statusOf } from "../../support/scrubbing.ts";
import { copyLedger, rehash, tamper } from "../../support/tampering.ts";

useFakeDate();

/** Each test has a shard of its own, of the log and of the outside world: what is edited there, and
 *  what is found, stays. */
let nextShard = 10;
const newShard = () => nextShard++;

/** A committed transfer with details, a funding and a refused transfer in one shard. */
async function shardWithRows() {
  const shard = newShard();
  const [sender, receiver] = await Promise.all([openWallet(), openWallet()]);
  await submit(submission(funding(sender, 100, referenceInShard(shard))));
  const details = { description: "rent", metadata: { flat: "7", house: "2" } };
  const sent = { ...transfer(sender, receiver, 40), ...details };
  const paid = submission(sent, keyInShard(shard));
  const funded = submission(funding(receiver, 7, referenceInShard(shard)), keyInShard(shard));
  const refused = submission(transfer(receiver, sender, 1_000), keyInShard(shard));
  expect(outcomeOf(await submit(paid))).toBe("committed");
  expect(outcomeOf(await submit(funded))).toBe("committed");
  expect(outcomeOf(await submit(refused))).toBe("insufficient_funds");
  return { shard, sender, receiver, paid, funded, refused, log: logObject(paid.id) };
}

type Rows = Awaited<ReturnType<typeof shardWithRows>>;

describe("what is in order", () => {
  it("is no difference: committed, refused, funded, of a wallet that does not exist", async () => {
    const { shard, sender, log } = await shardWithRows();
    const unknown = submission(
      transfer(sender, "wal_00000000000000000000000000", 1),
      keyInShard(shard),
    );
    expect(outcomeOf(await submit(unknown))).toBe("wallet_not_found");
    expect(await findingsOf(shard)).toEqual([]);
    const [scrub] = await runSql(log, "SELECT checked, skipped, round FROM scrub");
    expect(scrub).toEqual({ checked: 4, skipped: 0, round: 1 });
  });

  it("is no difference: undecided, and committed before every account has posted", async () => {
    const { shard, sender, receiver } = await shardWithRows();
    const held = submission(transfer(sender, receiver, 1), keyInShard(shard));
    const committed = submission(transfer(sender, receiver, 2), keyInShard(shard));
    for (const side of [...sidesOf(held), ...sidesOf(committed)]) await side.hold();
    await sidesOf(committed)[0].post();
    await recordTransaction(held);
    await recordTransaction(committed, { state: "committed" });
    // Neither is driven before the round has looked at it: their next attempts are due later.
    expect(await findingsOf(shard)).toEqual([]);
  });

  it("is no difference: a late duplicate of a hold whose transaction was refused", async () => {
    const shard = newShard();
    const receiver = await openWallet();
    const late = submission(transfer(await openWallet(), receiver, 5), keyInShard(shard));
    expect(outcomeOf(await submit(late))).toBe("insufficient_funds");
    await tamper(walletObject(receiver), "UPDATE legs SET open = 1");
    expect(await findingsOf(shard)).toEqual([]);
  });
});

const dropLeg = (id: string) => `DELETE FROM legs WHERE transaction_id = '${id}'`;
const dropEntry = (id: string) => `DELETE FROM entries WHERE transaction_id = '${id}'`;

/** An account's file, edited; and what the scrub calls it. */
const edits: Readonly<Record<string, (rows: Rows) => Promise<string>>> = {
  "a leg and its entry are deleted": async ({ receiver, paid }) => {
    await tamper(walletObject(receiver), dropLeg(paid.id), dropEntry(paid.id));
    return `missing_leg ${receiver}`;
  },
  "a leg and its entry are deleted, and the rest is chained anew": async ({ sender, paid }) => {
    await tamper(walletObject(sender), dropLeg(paid.id), dropEntry(paid.id));
    await rehash(sender);
    return `missing_leg ${sender}`;
  },
  "a leg of the outside world and its entry are deleted": async ({ funded }) => {
    await tamper(externalObject(funded), dropLeg(funded.id), dropEntry(funded.id));
    return "missing_leg external:default";
  },
  "an entry is deleted and its leg stays": async ({ receiver, paid }) => {
    await tamper(walletObject(receiver), dropEntry(paid.id));
    return `missing_entry ${receiver}`;
  },
  "a leg is void": async ({ sender, paid }) => {
    const change = `UPDATE legs SET sequence = NULL WHERE transaction_id = '${paid.id}'`;
    await tamper(walletObject(sender), change);
    return `void_leg ${sender}`;
  },
  "a settled leg is held again": async ({ sender, paid }) => {
    const change = "UPDATE legs SET open = 1, sequence = NULL";
    await tamper(walletObject(sender), `${change} WHERE transaction_id = '${paid.id}'`);
    return `unposted_leg ${sender}`;
  },
  "a leg is posted by another transaction's entry": async ({ receiver, paid, funded }) => {
    const sequence = `(SELECT sequence FROM legs WHERE transaction_id = '${funded.id}')`;
    const change = `UPDATE legs SET sequence = ${sequence} WHERE transaction_id = '${paid.id}'`;
    await tamper(walletObject(receiver), change);
    return `different_entry ${receiver}`;
  },
  "a refused leg is posted": async ({ receiver, refused }) => {
    const posted = `UPDATE legs SET sequence = 1, refusal = NULL`;
    await tamper(walletObject(receiver), `${posted} WHERE transaction_id = '${refused.id}'`);
    return `posted_without_commit ${receiver}`;
  },
  "further lines that are no JSON": async ({ receiver, paid }) => {
    const change = "UPDATE legs SET further = '[[]]'";
    await tamper(walletObject(receiver), `${change} WHERE transaction_id = '${paid.id}'`);
    return `different_leg ${receiver}`;
  },
  "a further line that is none": async ({ receiver, paid }) => {
    const change = "UPDATE legs SET further = '[7]'";
    await tamper(walletObject(receiver), `${change} WHERE transaction_id = '${paid.id}'`);
    return `unreadable_leg ${receiver}`;
  },
  "metadata that is no JSON": async ({ receiver, paid }) => {
    const change = "UPDATE entries SET metadata = 'x'";
    await tamper(walletObject(receiver), `${change} WHERE transaction_id = '${paid.id}'`);
    return `different_entry ${receiver}`;
  },
  "a refusal that is no JSON": async ({ receiver, refused }) => {
    const change = "UPDATE legs SET refusal = 'x'";
    await tamper(walletObject(receiver), `${change} WHERE transaction_id = '${refused.id}'`);
    return `unreadable_leg ${receiver}`;
  },
};

describe("an account's file that was edited is found within one round", () => {
  it.each(Object.entries(edits))("%s", async (_, edit) => {
    const rows = await shardWithRows();
    const expected = await edit(rows);
    expect(await findingsOf(rows.shard)).toEqual([expected]);
    expect(await findingsOf(rows.shard), "and again, as one difference").toEqual([expected]);
  });

  it("a whole older copy of a wallet is put back", async () => {
    const { shard, sender, receiver } = await shardWithRows();
    const putBack = await copyLedger(walletObject(receiver));
    const sent = [transfer(sender, receiver, 3), funding(receiver, 4, referenceInShard(shard))];
    const [lost, older] = sent.map((one) => submission(one, keyInShard(shard)));
    for (const one of [lost, older]) {
      if (one) expect(outcomeOf(await submit(one))).toBe("committed");
    }
    expect(await findingsOf(shard)).toEqual([]);
    await putBack();
    const { differences, differenceCount } = await runRound(shard);
    expect(differenceCount).toBe(2);
    expect(new Set(differences.map(({ transactionId }) => transactionId))).toEqual(
      new Set([lost?.id, older?.id]),
    );
    expect(differences.map(({ kind, account }) => [kind, account])).toEqual([
      ["missing_leg", receiver],
      ["missing_leg", receiver],
    ]);
  });

  it("a committed transaction that is not settled has lost its leg", async () => {
    const { shard, sender, receiver } = await shardWithRows();
    const committed = submission(transfer(sender, receiver, 2), keyInShard(shard));
    for (const side of sidesOf(committed)) await side.hold();
    await recordTransaction(committed, { state: "committed" });
    await tamper(walletObject(sender), "DELETE FROM legs WHERE open = 1");
    expect(await findingsOf(shard)).toEqual([`missing_leg ${sender}`]);
  });
});

/** Every column that says what an account has of a transaction, whatever the chain says. */
const columnsOfAccounts = {
  "legs.fingerprint": ["'fp1:other'", "different_leg"],
  "legs.bucket": ["'reserved'", "different_leg"],
  "legs.direction": ["'debit'", "different_leg"],
  "legs.currency": ["'EUR'", "different_leg"],
  "legs.amount": ["41", "different_leg"],
  "legs.further": [`'[["available","credit","USD",1]]'`, "different_leg"],
  "legs.origin": ["'txn_OTHER'", "different_leg"],
  "entries.transaction_id": ["'txn_OTHER'", "different_entry"],
  "entries.type": ["'funding'", "different_entry"],
  "entries.line": ["2", "different_entry"],
  "entries.bucket": ["'reserved'", "different_entry"],
  "entries.direction": ["'debit'", "different_entry"],
  "entries.amount": ["41", "different_entry"],
  "entries.currency": ["'EUR'", "different_entry"],
  "entries.counterparty": ["'wal_X'", "different_entry"],
  "entries.origin": ["'txn_OTHER'", "different_entry"],
  "entries.provider": ["'x'", "different_entry"],
  "entries.payment_reference": ["'x'", "different_entry"],
  "entries.payout_reference": ["'x'", "different_entry"],
  "entries.description": ["'gift'", "different_entry"],
  "entries.metadata": [`'{"house":"2","flat":"7"}'`, "different_entry"],
  "entries.decided_at": ["decided_at - 1", "different_entry"],
  "entries.created_at": ["created_at + 1", "different_anchor"],
} as const;

describe("a column of an account that was changed, and everything chained anew", () => {
  it.each(Object.entries(columnsOfAccounts))("%s", async (name, [value, kind]) => {
    const { shard, receiver, paid } = await shardWithRows();
    const [table, column] = name.split(".");
    const where = `WHERE transaction_id = '${paid.id}'`;
    await tamper(walletObject(receiver), `UPDATE ${table} SET ${column} = ${value} ${where}`);
    await rehash(receiver);
    // The funding behind it is chained to other hashes then, which its log has kept too.
    const found = await findingsOf(shard);
    expect(found.filter((one) => !one.startsWith("different_anchor"))).toEqual(
      kind === "different_anchor" ? [] : [`${kind} ${receiver}`],
    );
    if (table === "entries") expect(found).toContain(`different_anchor ${receiver}`);
  });
});

describe("a leg of several lines", () => {
  const edited = {
    "has lost its first entry": ["DELETE FROM entries WHERE line = 1", "missing_entry"],
    "has lost its last entry": ["DELETE FROM entries WHERE line = 3", "missing_entry"],
    "shows another amount in one": [
      "UPDATE entries SET amount = 5 WHERE line = 2",
      "different_entry",
    ],
    "has another line in its row": [
      "UPDATE legs SET further = json_replace(further, '$[1][3]', 5)",
      "different_leg",
    ],
  } as const;

  it.each(Object.entries(edited))("%s", async (_case, [edit, kind]) => {
    const shard = newShard();
    const receiver = await openWallet();
    const sender = await fundedWallet(10);
    const postings = [4, 3, 2].map((amount) => ({ from: sender, to: receiver, amount }));
    const paid = submission({ type: "split", postings }, keyInShard(shard));
    expect(outcomeOf(await submit(paid))).toBe("committed");
    expect(await findingsOf(shard)).toEqual([]);
    await tamper(walletObject(receiver), edit);
    expect(await findingsOf(shard)).toEqual([`${kind} ${receiver}`]);
  });
});

/** Every column of a transaction in its log that an account or the row itself contradicts. */
const columnsOfLog = {
  id: ["'txn_OTHER'", ["missing_leg receiver", "missing_leg sender"]],
  tenant: ["'other'", []],
  fingerprint: ["'fp1:other'", ["different_leg receiver", "different_leg sender"]],
  state: [
    `'rejected', refusal = '{"code":"transaction_expired"}'`,
    ["posted_without_commit receiver", "posted_without_commit sender"],
  ],
  request: ["replace(request, ':40', ':41')", ["lines_differ_from_request -"]],
  lines: [
    "replace(lines, ',40]', ',41]')",
    ["different_leg receiver", "different_leg sender", "lines_differ_from_request -"],
  ],
  details: [`'{"description":"gift"}'`, ["different_entry receiver", "different_entry sender"]],
  decided_at: ["decided_at - 1", ["different_entry receiver", "different_entry sender"]],
  anchors: [`'["${"0".repeat(32)}",null]'`, ["different_anchor sender"]],
} as const;

describe("a column of the log that was changed", () => {
  it.each(Object.entries(columnsOfLog))("%s", async (column, [value, expected]) => {
    const { shard, sender, receiver, paid, log } = await shardWithRows();
    await statusOf(shard);
    await log.find({ protocol: 1, requestId: "test", tenant, transactionId: paid.id });
    await tamper(log, `UPDATE transactions SET ${column} = ${value} WHERE id = '${paid.id}'`);
    await evictDurableObject(log);
    const found = await findingsOf(shard);
    const named = found.map((one) => one.replace(sender, "sender").replace(receiver, "receiver"));
    expect(named.toSorted()).toEqual(expected);
    if (column !== "tenant") return;
    const { differences } = await statusOf(shard, "other");
    expect(differences.map(({ kind }) => kind)).toEqual(["missing_leg", "missing_leg"]);
  });

  it.each(["request", "lines", "details"])("%s is no JSON", async (column) => {
    const { shard, paid, log } = await shardWithRows();
    await log.find({ protocol: 1, requestId: "test", tenant, transactionId: paid.id });
    await tamper(log, `UPDATE transactions SET ${column} = '[' WHERE id = '${paid.id}'`);
    expect(await findingsOf(shard)).toEqual(["unreadable_transaction -"]);
  });

  it.each(["[]", "null", "7", '[["wal_X"]]', '[{"account":"wal_X"}]'])(
    "lines are %s",
    async (lines) => {
      const { shard, paid, log } = await shardWithRows();
      await log.find({ protocol: 1, requestId: "test", tenant, transactionId: paid.id });
      await tamper(log, `UPDATE transactions SET lines = '${lines}' WHERE id = '${paid.id}'`);
      const ofRow = expect.stringMatching(/^(unbalanced|unreadable_transaction) -$/) as string;
      expect(await findingsOf(shard)).toContainEqual(ofRow);
    },
  );

  it("debits are not credits", async () => {
    const { shard, paid, log, receiver } = await shardWithRows();
    await log.find({ protocol: 1, requestId: "test", tenant, transactionId: paid.id });
    const change = `lines = json_replace(lines, '$[1][5]', 41)`;
    await tamper(log, `UPDATE transactions SET ${change} WHERE id = '${paid.id}'`);
    expect(await findingsOf(shard)).toEqual([`different_leg ${receiver}`, "unbalanced -"]);
  });
});

/** An open authorization, one that was captured, and one that was refused, in one shard. */
async function shardWithAuthorizations() {
  const shard = newShard();
  const [payer, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
  const open = await authorize(payer, receiver, 40, keyInShard(shard));
  const ended = await authorize(payer, receiver, 30, keyInShard(shard));
  expect(outcomeOf(await submit(endOf(ended, { type: "capture" })))).toBe("committed");
  const sent = { fromWalletId: receiver, toWalletId: payer, amount: 1_000 } as const;
  const refused = submission({ type: "authorization", ...sent }, keyInShard(shard));
  expect(outcomeOf(await submit(refused))).toBe("insufficient_funds");
  return { shard, payer, open, ended, refused, log: shardObject(shard) };
}

const expire = (id: string, at: number) => `INSERT INTO expirations VALUES (${at}, '${id}')`;
const ofId = (id: string) => `WHERE id = '${id}'`;

describe("the expirations of a log shard", () => {
  it("are right: of what is open, and of what has ended until its time comes", async () => {
    const { shard, log } = await shardWithAuthorizations();
    expect(await runSql(log, "SELECT id FROM expirations")).toHaveLength(2);
    expect(await findingsOf(shard)).toEqual([]);
  });

  it("are right once their end is recorded, decided or not", async () => {
    const { shard, open, log } = await shardWithAuthorizations();
    await tamper(log, `DELETE FROM expirations ${ofId(open.submitted.id)}`);
    await recordTransaction(open.expiry);
    // It is not driven before the round has looked at it.
    expect(await findingsOf(shard)).toEqual([]);
    expect(outcomeOf(await submit(open.expiry))).toBe("committed");
    expect(await findingsOf(shard)).toEqual([]);
  });

  it("lack one of an authorization that nothing has ended", async () => {
    const { shard, payer, open, ended, log } = await shardWithAuthorizations();
    await tamper(log, `DELETE FROM expirations ${ofId(ended.submitted.id)}`);
    expect(await findingsOf(shard), "which is over").toEqual([]);
    await tamper(log, `DELETE FROM expirations ${ofId(open.submitted.id)}`);
    expect(await findingsOf(shard)).toEqual([`missing_expiration ${payer}`]);
  });

  it("lack one of an authorization that is committed and not posted yet", async () => {
    const { shard, payer, open, log } = await shardWithAuthorizations();
    const { id } = open.submitted;
    await tamper(log, `DELETE FROM expirations ${ofId(id)}`);
    await tamper(log, `UPDATE transactions SET open = 1, settled_at = NULL ${ofId(id)}`);
    const held = `UPDATE legs SET open = 1, sequence = NULL WHERE transaction_id = '${id}'`;
    await tamper(walletObject(payer), held);
    expect(await findingsOf(shard)).toEqual([`missing_expiration ${payer}`]);
  });

  it("have one at another time than its authorization's", async () => {
    const { shard, payer, open, log } = await shardWithAuthorizations();
    const later = `UPDATE expirations SET expires_at = expires_at + 1 ${ofId(open.submitted.id)}`;
    await tamper(log, later);
    const differences = [`missing_expiration ${payer}`, "wrong_expiration -"];
    expect(await findingsOf(shard)).toEqual(differences);
  });

  const strays = {
    "of a transaction that its log does not know": () => "txn_X",
    "of an authorization that was refused": ({ refused }) => refused.id,
  } as const satisfies Record<
    string,
    (rows: Awaited<ReturnType<typeof shardWithAuthorizations>>) => string
  >;
  it.each(Object.entries(strays))("have one %s", async (_case, idOf) => {
    const rows = await shardWithAuthorizations();
    const { shard, log, open } = rows;
    await tamper(log, expire(idOf(rows), open.authorization.expiresAt));
    const { differences } = await runRound(shard);
    expect(differences).toMatchObject([{ kind: "wrong_expiration", transactionId: idOf(rows) }]);
  });

  it("have one of a transaction that has no end", async () => {
    const { shard, log, paid } = await shardWithRows();
    await tamper(log, expire(paid.id, Date.now() + scrubIntervalMs));
    expect(await findingsOf(shard)).toEqual(["wrong_expiration -"]);
  });
});

describe("the schema of a log shard", () => {
  it.each([
    "DROP TRIGGER transactions_decided_once",
    "DROP INDEX transactions_to_clean",
    "DELETE FROM migrations",
  ])("that is not as declared is found in every round: %s", async (change) => {
    const { shard, log } = await shardWithRows();
    await runSql(log, change);
    expect(await findingsOf(shard)).toEqual(["wrong_schema -"]);
    expect(await findingsOf(shard)).toEqual(["wrong_schema -"]);
  });
});
