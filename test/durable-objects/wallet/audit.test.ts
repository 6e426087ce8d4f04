// Guarantee: an audit of a wallet that is in order finds nothing, whatever goes on meanwhile; and
// what it could not compare it does not call consistent.
import { describe, expect, it } from "vitest";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { errorFaults } from "../../support/faulty-stubs.ts";
import { keyInShard } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { audit, tamper } from "../../support/tampering.ts";

const network = useFaultyNetwork();

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const send = async (...sent: Parameters<typeof submission>) =>
  outcomeOf(await submit(submission(...sent)));

async function expectConsistent(walletId: string): Promise<void> {
  const report = await audit(walletId);
  const { difference, unreachableShards, checked, head } = report;
  expect({ difference, unreachableShards }).toEqual({ unreachableShards: 0 });
  expect(checked.entries).toBe(head.sequence);
}

describe("a wallet in order", () => {
  it("is consistent beyond a checkpoint, in two currencies", async () => {
    const [wallet, other] = await Promise.all([openWallet(), openWallet()]);
    await Promise.all(times(20, () => send(funding(wallet, 100))));
    await Promise.all(times(20, () => send({ ...funding(wallet, 70), currency: "EUR" })));
    await Promise.all(times(14, () => send(transfer(wallet, other, 60))));
    await Promise.all(times(12, () => send({ ...transfer(wallet, other, 7), currency: "EUR" })));
    await Promise.all(times(4, () => send(transfer(wallet, other, 1_000_000))));
    const { head, checked, difference, unreachableShards } = await audit(wallet);
    const { head: now } = await readBalance(wallet);
    expect(head).toEqual(now);
    const counts = { entries: 66, checkpoints: 1, holds: 0, freezes: 0, transactions: 66 };
    expect(checked).toEqual(counts);
    expect({ difference, unreachableShards }).toEqual({ unreachableShards: 0 });
    await tamper(walletObject(wallet), "DELETE FROM checkpoints");
    expect(await audit(wallet)).toMatchObject({ checked: { entries: 66, checkpoints: 0 } });
    await expectConsistent(wallet);
  });

  it("is consistent when it is empty, or has only refused what it was asked", async () => {
    const [wallet, other] = await Promise.all([openWallet(), openWallet()]);
    await expectConsistent(wallet);
    expect(await send(transfer(wallet, other, 5))).toBe("insufficient_funds");
    const checked = { entries: 0, checkpoints: 0, holds: 0, freezes: 0, transactions: 0 };
    expect(await audit(wallet)).toMatchObject({ checked });
    await expectConsistent(wallet);
    await expectConsistent(other);
  });
});

describe("transfers in flight", () => {
  it.each(["preparing", "committed", "rejected"] as const)(
    "are no difference: %s",
    async (state) => {
      const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
      const submitted = submission(transfer(sender, receiver, 40));
      for (const side of sidesOf(submitted)) await side.hold();
      const refusal = state === "rejected" && ({ code: "transaction_expired" } as const);
      await recordTransaction(submitted, { state, ...(refusal && { refusal }) });
      for (const wallet of [sender, receiver]) {
        const report = await audit(wallet);
        expect(report).toMatchObject({ checked: { holds: 1 }, unreachableShards: 0 });
        expect(report.difference).toBeUndefined();
        const again = await audit(wallet);
        expect(again, "an audit writes nothing").toEqual(report);
        await readBalance(wallet);
        await expectConsistent(wallet);
      }
    },
  );

  it("are no difference while one side is posted and the other one is not", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const { met, letGo } = network.next("post", "delay", receiver);
    const answer = submit(submission(transfer(sender, receiver, 40)));
    await met();
    await Promise.all([expectConsistent(sender), expectConsistent(receiver)]);
    letGo();
    expect(outcomeOf(await answer)).toBe("committed");
  });
});

describe("postings during an audit", () => {
  it("are no difference: what it captured at its start is what it compares", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(1_000), openWallet()]);
    const { met, letGo } = network.next("legRecords", "delay", sender);
    const auditing = audit(sender);
    await met();
    const moves = times(12, () => send(transfer(sender, receiver, 10)));
    expect(new Set(await Promise.all(moves))).toEqual(new Set(["committed"]));
    letGo();
    const { head, checked, difference, unreachableShards } = await auditing;
    expect({ difference, unreachableShards }).toEqual({ unreachableShards: 0 });
    expect(head.sequence).toBe(1);
    expect(checked.entries).toBe(1);
    expect(checked.transactions).toBeGreaterThanOrEqual(1);
  });

  it("are no difference where the log had answered before it decided", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 40));
    for (const side of sidesOf(submitted)) await side.hold();
    await recordTransaction(submitted, { state: "preparing" });
    const { met, letGo } = network.next("legRecords", "delay_after", receiver);
    const auditing = audit(receiver);
    await met();
    expect(outcomeOf(await submit(submitted))).toBe("committed");
    letGo();
    const { difference, checked } = await auditing;
    expect(difference).toBeUndefined();
    expect(checked).toMatchObject({ holds: 1, transactions: 0 });
  });

  it("raise no alarm in many audits at the same time", async () => {
    const wallets = await Promise.all([fundedWallet(500), fundedWallet(500)]);
    const [left, right] = wallets;
    const moves = times(20, (index) =>
      index % 2 === 0 ? send(transfer(left, right, 5)) : send(transfer(right, left, 5)),
    );
    const audits = times(4, (index) => expectConsistent(wallets[index % 2] ?? left));
    await Promise.all([...moves, ...audits]);
    expect((await audit(left)).checked.entries).toBe(21);
  });
});

describe("a log shard that cannot be asked", () => {
  it.each(errorFaults)("is counted, and the others are compared: %s", async (fault) => {
    const [wallet, other] = await Promise.all([fundedWallet(10), openWallet()]);
    expect(await send(transfer(wallet, other, 3))).toBe("committed");
    network.next("legRecords", fault, wallet);
    const one = await audit(wallet);
    expect(one).toMatchObject({ unreachableShards: 1, checked: { transactions: 1 } });
    expect(one.difference).toBeUndefined();
    network.every("legRecords", fault, wallet);
    const none = await audit(wallet);
    expect(none).toMatchObject({ unreachableShards: 2, checked: { transactions: 0 } });
    expect(none.difference).toBeUndefined();
  });
});

describe("what an audit asks", () => {
  it("is one call to each log shard of its own transactions, whatever else they hold", async () => {
    const [wallet, other] = await Promise.all([openWallet(), openWallet()]);
    await Promise.all(times(8, () => send(funding(wallet, 5), keyInShard(17))));
    await send(funding(wallet, 5), keyInShard(18));
    await Promise.all(times(5, () => send(funding(other, 5), keyInShard(19))));
    const { count } = network.every("legRecords", "duplicate", wallet);
    expect(await audit(wallet)).toMatchObject({ checked: { transactions: 9 } });
    expect(count().attempts).toBe(2);
  });
});
