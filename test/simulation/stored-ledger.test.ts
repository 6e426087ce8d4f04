// Guarantee: what an earlier release has stored is read, audited and continued by this one: files in
// test/releases, written by the frozen release and never anew.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Recorded } from "./books.ts";
import type { Simulation } from "./simulation.ts";
import { startScrub } from "./steps.ts";
import {
  continueLedger,
  never,
  payee,
  payer,
  refusedTransfer,
  runUntil,
  shard,
  submission,
  storedRequests,
  tenant,
  transfer,
  type StoredLedger,
} from "./stored-ledger.ts";

const path = `${import.meta.dirname}/../releases/2026-11-26.stored.json`;
const stored = JSON.parse(readFileSync(path, "utf8")) as StoredLedger;

/** The votes for what was committed are stored as legs, and nobody has seen them cast. */
const unseen = "commits-are-voted";

function brokenIn(simulation: Simulation): string[] {
  const found = [...simulation.findings()].map(({ invariant }) => invariant);
  return [...new Set(found)].filter((name) => name !== unseen);
}

function byId(simulation: Simulation): ReadonlyMap<string, Recorded> {
  simulation.books.refresh(simulation.scheduler.step);
  return new Map([...simulation.books.transactions()].map((one) => [one.id, one]));
}

async function submitAll(simulation: Simulation): Promise<void> {
  for (const [index, sent] of storedRequests.entries()) {
    void simulation.newClient().submit(submission(index, sent), 20);
    await runUntil(simulation, never);
  }
}

async function auditAll(simulation: Simulation): Promise<void> {
  for (const walletId of [payer, payee]) void simulation.newClient().audit(tenant, walletId);
  for (const { object, address } of simulation.books.accounts.values()) {
    if (address.class === "wallet") continue;
    void simulation.newClient().auditOf(object, address.id, tenant, { account: address.id });
  }
  await runUntil(simulation, never);
}

describe("the ledger that the release of 2026-11-26 stored", () => {
  test("has the forms that later releases have to understand", () => {
    const counts = stored.files.map(({ rows }) =>
      Object.fromEntries(Object.entries(rows).map(([table, all]) => [table, all.length])),
    );
    expect(counts).toMatchObject([
      { entries: 66, legs: 8, checkpoints: 1, profiles: 1 },
      { entries: 4, freezes: 2, profiles: 1 },
      { entries: 61, claims: 4 },
      { transactions: storedRequests.length },
    ]);
  });

  test("is found sound before anything is done with it", async () => {
    const simulation = await continueLedger(stored);
    await auditAll(simulation);
    const reports = simulation.history.audits.map(({ subject, report }) => [subject, report]);
    expect(Object.fromEntries(reports)).toMatchObject({
      [payer]: { ok: true, head: { sequence: 66 }, unreachableShards: 0 },
      [payee]: { ok: true, unreachableShards: 0 },
      "external-07": { ok: true, head: { sequence: 61 }, unreachableShards: 0 },
    });
    expect(brokenIn(simulation)).toEqual([]);
    simulation.close();
  });

  test("is read, and its interrupted transfer seen", async () => {
    const simulation = await continueLedger(stored);
    const reading = await readBalance(simulation, payer);
    expect(reading).toMatchObject({ ok: true, head: { sequence: 66 } });
    expect(reading).not.toHaveProperty("inFlight");
    const balances = await readBalance(simulation, payee);
    expect(balances?.positions).toMatchObject([
      { currency: "EUR", balance: 50, held: 0, incoming: 0 },
      { currency: "USD", balance: 801, held: 0, incoming: 0 },
    ]);
    simulation.close();
  });

  test("answers every key as it was decided, settles what was open, and goes on", async () => {
    const simulation = await continueLedger(stored);
    const before = byId(simulation);
    await submitAll(simulation);
    const after = byId(simulation);
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [id, { state, lines, decidedTime, refusal }] of before) {
      expect(after.get(id)).toMatchObject({ state, lines, decidedTime });
      expect(after.get(id)?.refusal).toEqual(refusal);
    }
    const more = submission(storedRequests.length, transfer(5, "EUR"));
    void simulation.newClient().submit(more, 20);
    await runUntil(simulation, never);
    startScrub(simulation, shard, "after");
    await auditAll(simulation);

    const outcomes = simulation.history.answers.map(({ result }) =>
      result.outcome === "settled" ? result.transaction.state : result.outcome,
    );
    const refused = storedRequests.indexOf(refusedTransfer);
    expect(outcomes).toHaveLength(storedRequests.length + 1);
    expect(outcomes.filter((outcome) => outcome !== "committed")).toEqual(["rejected"]);
    expect(outcomes[refused]).toBe("rejected");
    expect(brokenIn(simulation)).toEqual([]);
    simulation.close();
  });
});

async function readBalance(simulation: Simulation, walletId: string) {
  const reading = simulation.newClient().readBalance(tenant, walletId);
  await runUntil(simulation, never);
  return reading;
}
