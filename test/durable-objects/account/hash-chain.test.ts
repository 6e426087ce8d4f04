// Guarantee: every ledger can be verified by recomputation: the hash of each entry follows from its
// stored columns and the hash before it, back to a beginning that names the account.
import { describe, expect, it } from "vitest";
import { entryHash, genesisHash } from "../../../src/domain/ledger/entry.ts";
import { walletAddress } from "../../../src/domain/ids.ts";
import { toEntry, type EntryRow } from "../../../src/durable-objects/account/rows.ts";
import { tenant } from "../../support/caller.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { externalObject, walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { runSql, textOf } from "../../support/objects.ts";

/** Text that breaks careless storage or encoding: quotes, NUL, separators, other scripts, emoji. */
const awkward = 'O\'Neil "x" \0 1:a- \u2028 Straße ключ 😀 e\u0301';

async function entriesOf(object: DurableObjectStub) {
  const rows = await runSql(object, "SELECT * FROM entries ORDER BY sequence");
  return rows.map((row) => toEntry(row as unknown as EntryRow));
}

async function verify(object: DurableObjectStub, genesis: string): Promise<number> {
  let previousHash = genesis;
  const entries = await entriesOf(object);
  for (const [index, entry] of entries.entries()) {
    expect(entry.sequence).toBe(index + 1);
    expect(entry.previousHash).toBe(previousHash);
    const { hash, ...hashed } = entry;
    expect(entryHash(hashed)).toBe(hash);
    previousHash = hash;
  }
  return entries.length;
}

describe("the hash chain", () => {
  it("of a wallet verifies from its beginning to the head that readers are shown", async () => {
    const [wallet, other] = await Promise.all([fundedWallet(1_000), openWallet()]);
    for (let amount = 1; amount <= 5; amount++) {
      await submit(submission(transfer(wallet, other, amount)));
      await submit(submission({ ...transfer(other, wallet, 1), description: `no. ${amount}` }));
    }
    const object = walletObject(wallet);
    expect(await verify(object, genesisHash(tenant, walletAddress(wallet)))).toBe(11);
    const { head } = await readBalance(wallet);
    expect(head.hash).toBe((await entriesOf(object)).at(-1)?.hash);
  });

  it("begins with a hash that readers of an empty wallet are shown", async () => {
    const wallet = await openWallet();
    const genesis = genesisHash(tenant, walletAddress(wallet));
    expect((await readBalance(wallet)).head).toEqual({ sequence: 0, hash: genesis, createdAt: 0 });
  });

  it("of the outside world verifies too", async () => {
    const funded = submission(funding(await openWallet(), 5));
    await submit(funded);
    const object = externalObject(funded);
    const [identity] = await runSql(object, "SELECT account, genesis FROM identity");
    const account = textOf(identity?.["account"]);
    const genesis = genesisHash(tenant, { class: "external-account", id: account });
    expect(identity?.["genesis"]).toBe(genesis);
    expect(await verify(object, genesis)).toBeGreaterThanOrEqual(1);
  });

  it("survives any text in description and metadata, and keeps it", async () => {
    const wallet = await openWallet();
    const metadata = JSON.parse(
      `{"z":"1","a":${JSON.stringify(awkward)},"10":"x","2":"y","__proto__":"p","":"empty"}`,
    ) as Record<string, string>;
    const sent = { ...funding(wallet, 5), description: awkward, metadata };
    expect(outcomeOf(await submit(submission(sent)))).toBe("committed");
    const object = walletObject(wallet);
    expect(await verify(object, genesisHash(tenant, walletAddress(wallet)))).toBe(1);
    const [entry] = await entriesOf(object);
    expect(entry?.description).toBe(awkward);
    expect(JSON.stringify(entry?.metadata)).toBe(JSON.stringify(metadata));
  });
});
