// Guarantee: what is reserved in a wallet is what was authorized and has no end, and an end takes
// out of it exactly what its authorization put there; where that is not so, the audit says so,
// whatever the logs say.
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { originKey } from "../../../src/domain/operations/operation.ts";
import { WalletAuditStore } from "../../../src/durable-objects/wallet/audit-store.ts";
import { authorize, endOf } from "../../support/authorized.ts";
import { sidesOf } from "../../support/legs.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { audit, rehash, tamper } from "../../support/tampering.ts";

const differenceOf = async (walletId: string) => (await audit(walletId)).difference;

/** +100; 40 and 30 are authorized, of the 30 are captured 20. */
async function reservingWallet() {
  const [walletId, other] = await Promise.all([fundedWallet(100), openWallet()]);
  const open = await authorize(walletId, other, 40);
  const ended = await authorize(walletId, other, 30);
  const capture = endOf(ended, { type: "capture", amount: 20 });
  expect(outcomeOf(await submit(capture))).toBe("committed");
  return { walletId, other, object: walletObject(walletId), open, ended, capture };
}

describe("a wallet with reserved money", () => {
  it("is consistent: one authorization open, one captured in part", async () => {
    const { walletId } = await reservingWallet();
    expect((await readBalance(walletId)).positions).toMatchObject([{ balance: 80, reserved: 40 }]);
    expect(await audit(walletId)).toMatchObject({ checked: { entries: 7, transactions: 4 } });
    expect(await differenceOf(walletId)).toBeUndefined();
  });

  it("is consistent while an end is held: it has ended nothing yet", async () => {
    const { walletId, open } = await reservingWallet();
    const capture = endOf(open, { type: "capture" });
    await sidesOf(capture)[0].hold();
    await recordTransaction(capture);
    expect(await differenceOf(walletId)).toBeUndefined();
  });

  it("has no more reserved than waits for an end: the claim of one is that of another", async () => {
    const { walletId, object, open, ended } = await reservingWallet();
    const key = originKey(ended.submitted.id);
    // Where no log is asked, the claims alone tell which authorization has ended.
    await tamper(object, `DELETE FROM claims WHERE key = '${key}'`);
    expect(await differenceOf(walletId)).toEqual({ kind: "wrong_reserved", field: "USD" });
    const claim = `INSERT INTO claims SELECT '${originKey(open.submitted.id)}', transaction_id, 30
      FROM legs WHERE open = 0 ORDER BY sequence DESC LIMIT 1`;
    await tamper(object, claim);
    expect((await differenceOf(walletId))?.kind).toBe("wrong_claim");
  });

  it("counts an end only up to the entry at which an audit ends", async () => {
    const { object, ended, open } = await reservingWallet();
    const isEnded = (id: string, last: number) =>
      runInDurableObject(object, (_instance, { storage }) =>
        new WalletAuditStore(storage).isEnded(id, last),
      );
    expect(await isEnded(ended.submitted.id, 7)).toBe(true);
    expect(await isEnded(ended.submitted.id, 6)).toBe(false);
    expect(await isEnded(open.submitted.id, 7)).toBe(false);
  });
});

describe("an end, all hashes right", () => {
  /** The capture's lines in the wallet: reserved 30, then available 10. */
  async function edited(amount: number, ...more: string[]) {
    const { walletId, object, capture } = await reservingWallet();
    const own = `WHERE transaction_id = '${capture.id}'`;
    await tamper(
      object,
      `UPDATE legs SET amount = ${amount} ${own}`,
      `UPDATE entries SET amount = ${amount} ${own} AND line = 1`,
      ...more.map((set) => `UPDATE ${set} ${own}`),
    );
    await rehash(walletId);
    return { walletId, difference: { kind: "wrong_end", sequence: 6, transactionId: capture.id } };
  }

  it.each([
    ["takes less than was reserved", 29, []],
    ["takes more than was reserved", 31, []],
    [
      "takes it in another currency",
      30,
      ["legs SET currency = 'EUR'", "entries SET currency = 'EUR'"],
    ],
  ] as const)("%s", async (_, amount, more) => {
    const { walletId, difference } = await edited(amount, ...more);
    expect(await differenceOf(walletId)).toEqual(difference);
  });

  it("names no origin", async () => {
    const none = ["legs SET origin = NULL", "entries SET origin = NULL"];
    const { walletId, difference } = await edited(30, ...none);
    expect(await differenceOf(walletId)).toEqual(difference);
  });

  it("names a transaction that reserved nothing", async () => {
    const { walletId, other, object, capture } = await reservingWallet();
    const paid = submission(transfer(other, walletId, 5));
    expect(outcomeOf(await submit(paid))).toBe("committed");
    const funded = `(SELECT transaction_id FROM entries WHERE sequence = 1)`;
    const own = `WHERE transaction_id = '${capture.id}'`;
    for (const table of ["legs", "entries"]) {
      await tamper(object, `UPDATE ${table} SET origin = ${funded} ${own}`);
    }
    await rehash(walletId);
    const about = { sequence: 6, transactionId: capture.id };
    expect(await differenceOf(walletId)).toEqual({ kind: "wrong_end", ...about });
  });
});
