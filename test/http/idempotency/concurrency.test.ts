// Guarantee: of many equal requests at once one takes effect and all are answered with it; requests
// that are interrupted by crashes of every object end with one effect under their key.
import { abortAllDurableObjects, evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { expectProblem, get, post, type Answer } from "../../support/http.ts";
import { newTransfer, posting, split, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { goodWrites } from "../../support/writes.ts";

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

function expectOneCreated(answers: readonly Answer[], status: number): void {
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.every((answer) => answer.status === status)).toBe(true);
  const created = answers.filter(({ headers }) => !headers.has("idempotent-replayed"));
  expect(created.length).toBe(1);
}

describe("twenty equal requests at once", () => {
  test("create once, each kind of write", async () => {
    for (const { path, body, success } of await goodWrites()) {
      const key = newKey();
      expectOneCreated(await times(20, () => post(path, body, key)), success);
    }
  });

  test("are refused once", async () => {
    const [from, to] = await Promise.all([openUser(), openUser()]);
    const key = newKey();
    const sent = newTransfer(from.walletId, to.walletId, 5);
    expectOneCreated(await times(20, () => transfer(sent, key)), 422);
  });

  test("with two contents: one content wins, the other is told so", async () => {
    const [from, to] = await Promise.all([openFunded(100), openUser()]);
    const key = newKey();
    const answers = await times(20, (index) =>
      transfer(newTransfer(from.walletId, to.walletId, 1 + (index % 2)), key),
    );
    const won = answers.filter(({ status }) => status === 201);
    expectOneCreated(won, 201);
    const lost = answers.filter(({ status }) => status !== 201);
    expect(won.length).toBe(10);
    for (const answer of lost) expectProblem(answer, 422, "idempotency_key_reused");
    expect(await balanceOf(to.walletId)).toBe(won[0]?.body["amount"]);
  });
});

test("splits that pay in a circle at once: none waits for another, nothing is made or lost", async () => {
  const wallets = await Promise.all([openFunded(30), openFunded(30), openFunded(30)]);
  const [a, b, c] = wallets.map(({ walletId }) => walletId) as [string, string, string];
  const circle = [
    [a, b, c],
    [b, c, a],
    [c, a, b],
  ] as const;
  const answers = await times(18, (index) => {
    const [payer, one, other] = circle[index % 3] ?? circle[0];
    return split({ postings: [posting(payer, one, 7), posting(payer, other, 3)] });
  });
  for (const { status, body } of answers) {
    expect([201, "insufficient_funds"]).toContain(body["code"] ?? status);
  }
  const balances = await Promise.all(wallets.map(({ walletId }) => balanceOf(walletId)));
  expect(balances.every((balance) => Number(balance) >= 0)).toBe(true);
  expect(balances.reduce<number>((sum, balance) => sum + Number(balance), 0)).toBe(90);
});

test("twenty transfers of all that is there: one spends it", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const answers = await times(20, () => transfer(newTransfer(from.walletId, to.walletId, 10)));
  const codes = answers.map(({ status, body }) => body["code"] ?? status);
  expect(codes.filter((code) => code === 201).length).toBe(1);
  expect(codes.filter((code) => code === "insufficient_funds").length).toBe(19);
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([0, 10]);
});

test.each([
  ["evicted", evictAllDurableObjects],
  ["aborted", abortAllDurableObjects],
])("requests during which all objects are %s end with one effect", async (_, interrupt) => {
  const [from, to] = await Promise.all([openFunded(100), openUser()]);
  const sent = newTransfer(from.walletId, to.walletId, 1);
  const keys = Array.from({ length: 10 }, newKey);
  const answers = Promise.all(keys.map((key) => transfer(sent, key)));
  for (let round = 0; round < 10; round++) {
    await get("/health");
    await interrupt();
  }
  const first = await answers;
  // Committed, or unknown: what was interrupted is never told as refused.
  for (const { status } of first) expect([201, 202, 503]).toContain(status);

  const last = await Promise.all(keys.map((key) => transfer(sent, key)));
  expect(last.map(({ status }) => status)).toEqual(keys.map(() => 201));
  for (const [index, answer] of first.entries()) {
    if (answer.status === 201) expect(answer.text).toBe(last[index]?.text);
  }
  expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([90, 10]);
});
