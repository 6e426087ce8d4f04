// Guarantee: one key, one effect, one answer: however often it is sent, at once or later, also
// after every object was thrown out of memory.
import { abortAllDurableObjects, evictAllDurableObjects } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { fingerprintUser } from "../../../src/domain/fingerprint.ts";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import type { SubmitResult } from "../../../src/durable-objects/transfer-log/contract.ts";
import type { SentRequest } from "../../../src/domain/operations/all.ts";
import { call, tenant } from "../../support/caller.ts";
import { newKey } from "../../support/keys.ts";
import { funding, outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { balanceOf, fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";

const transactionOf = (result: SubmitResult) =>
  result.outcome === "refused" ? result.problem : result.transaction;

const replayedOf = (result: SubmitResult) => result.outcome !== "refused" && result.replayed;

async function race(sent: SentRequest, count: number) {
  const key = newKey();
  const results = await Promise.all(
    Array.from({ length: count }, () => submit(submission(sent, key))),
  );
  return { key, results };
}

function expectOneAnswer(results: readonly SubmitResult[]): void {
  const [first] = results;
  for (const result of results) {
    expect(result.outcome).toBe("settled");
    expect(transactionOf(result)).toEqual(first && transactionOf(first));
  }
  expect(results.filter((result) => !replayedOf(result))).toHaveLength(1);
}

describe("racing replays of one key", { timeout: 30_000 }, () => {
  it("fund once and are answered alike, all but one as a replay", async () => {
    const wallet = await openWallet();
    const { results } = await race(funding(wallet, 25), 20);
    expectOneAnswer(results);
    expect(await balanceOf(wallet)).toBe(25);
  });

  it("transfer once and are answered alike, all but one as a replay", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const { key, results } = await race(transfer(sender, receiver, 30), 20);
    expectOneAnswer(results);
    expect(await balanceOf(sender)).toBe(70);
    expect(await balanceOf(receiver)).toBe(30);
    const submitted = submission(transfer(sender, receiver, 30), key);
    for (const side of sidesOf(submitted)) {
      expect(await recordedLeg(side.object, submitted.id)).toEqual({
        state: "posted",
        legs: 1,
        entries: 1,
      });
    }
  });

  it("are refused alike, and stay refused when the money has come", async () => {
    const [sender, receiver] = await Promise.all([openWallet(), openWallet()]);
    const { key, results } = await race(transfer(sender, receiver, 30), 10);
    expectOneAnswer(results);
    expect(results.map(outcomeOf)).toEqual(Array(10).fill("insufficient_funds"));
    await submit(submission(funding(sender, 100)));
    const later = await submit(submission(transfer(sender, receiver, 30), key));
    expect(transactionOf(later)).toEqual(results[0] && transactionOf(results[0]));
    expect(await balanceOf(sender)).toBe(100);
  });
});

describe("a replay", () => {
  it("is answered from the record after every object was evicted or aborted", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const submitted = submission(transfer(sender, receiver, 30));
    const first = await submit(submitted);
    for (const restart of [evictAllDurableObjects, abortAllDurableObjects]) {
      await restart();
      const again = await submit(submitted);
      expect(transactionOf(again)).toEqual(transactionOf(first));
      expect(replayedOf(again)).toBe(true);
    }
    expect(await balanceOf(sender)).toBe(70);
  });
});

describe("a key that is used again with other content", () => {
  it("is refused, leaves the first one alone and is told so again", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const key = newKey();
    const sent = transfer(sender, receiver, 30);
    const first = await submit(submission(sent, key));
    const reused = { outcome: "refused", problem: "idempotency_key_reused" };
    const others: SentRequest[] = [
      { ...sent, amount: 31 },
      { ...sent, currency: "USD" },
      { ...sent, description: "" },
      transfer(receiver, sender, 30),
      funding(sender, 30),
    ];
    for (const other of others) expect(await submit(submission(other, key))).toEqual(reused);
    expect(transactionOf(await submit(submission(sent, key)))).toEqual(transactionOf(first));
    expect(await balanceOf(sender)).toBe(70);
  });

  it("moves money for one content only when both race", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(100), openWallet()]);
    const key = newKey();
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        submit(submission(transfer(sender, receiver, 10 + (index % 3)), key)),
      ),
    );
    const outcomes = results.map(outcomeOf);
    expect(outcomes.filter((outcome) => outcome === "committed")).toHaveLength(4);
    expect(outcomes.filter((outcome) => outcome === "idempotency_key_reused")).toHaveLength(8);
    const moved = 100 - (await balanceOf(sender));
    expect([10, 11, 12]).toContain(moved);
    expect(await balanceOf(receiver)).toBe(moved);
  });
});

describe("a user's key", () => {
  it("opens one wallet however often it races, and refuses another profile", async () => {
    const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
    const open = (name: string) => {
      const profile = { name, metadata: { b: "2", a: "1" } };
      const fingerprint = fingerprintUser(profile);
      return walletStub(env, tenant, walletId).open({ ...call, walletId, profile, fingerprint });
    };
    const results = await Promise.all(Array.from({ length: 10 }, () => open("Ada")));
    const users = results.map((result) => result.ok && result.user);
    expect(new Set(users.map((user) => JSON.stringify(user))).size).toBe(1);
    expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(1);
    expect(await open("Eve")).toEqual({ ok: false, problem: "idempotency_key_reused" });
    expect(await open("Ada")).toMatchObject({ ok: true, user: { name: "Ada" }, replayed: true });
  });
});
