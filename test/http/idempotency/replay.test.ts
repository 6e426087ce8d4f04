// Guarantee: one key, one effect and one answer, to the byte, at every repetition: at once, later,
// and after every object has lost its memory.
import { abortAllDurableObjects, evictAllDurableObjects } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { get, post } from "../../support/http.ts";
import { fund, newFunding, newTransfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { expectReplayed, setFrozen } from "../../support/recorded.ts";
import { goodWrites } from "../../support/writes.ts";

const amountMax = 2 ** 53 - 1;

/** A request for every answer that is recorded, with the status that it gets. */
async function recordedAnswers() {
  const [rich, poor, frozen, full, to] = await Promise.all([
    openFunded(1_000),
    openUser(),
    openFunded(10),
    openFunded(amountMax),
    openUser(),
  ]);
  await setFrozen(frozen.walletId, true);
  const used = newFunding(to.walletId, 1, { description: "first" });
  await fund(used);
  const transferOf = (from: string, receiver: string) => newTransfer(from, receiver, 5);
  const unknown = "wal_00000000000000000000000000";
  return [
    ["/users", { name: "Ada", metadata: { z: "1", a: "2" } }, 201],
    ["/transactions/fund", newFunding(to.walletId, 5, { metadata: { z: "1", a: "2" } }), 201],
    ["/transactions/transfer", transferOf(rich.walletId, to.walletId), 201],
    ["/transactions/transfer", transferOf(unknown, to.walletId), 404],
    ["/transactions/fund", newFunding(unknown, 5), 404],
    ["/transactions/transfer", transferOf(frozen.walletId, to.walletId), 422],
    ["/transactions/fund", { ...used, amount: 2 }, 409],
    ["/transactions/transfer", transferOf(poor.walletId, to.walletId), 422],
    ["/transactions/transfer", transferOf(rich.walletId, full.walletId), 422],
    ["/transactions/fund", newFunding(full.walletId, 5), 422],
  ] as const;
}

test("every recorded answer is the same, also after all objects started anew", async () => {
  const requests = await recordedAnswers();
  const sent = await Promise.all(
    requests.map(async ([path, body, status]) => {
      const key = newKey();
      const first = await post(path, body, key);
      expect(first.status, `answered: ${first.text}`).toBe(status);
      return { path, body, key, first };
    }),
  );
  const replayAll = async () => {
    for (const { path, body, key, first } of sent) await expectReplayed(path, body, key, first);
  };
  await replayAll();
  await evictAllDurableObjects();
  await replayAll();
  await abortAllDurableObjects();
  await replayAll();
});

describe("the same request is recognised", () => {
  test("however its JSON is written", async () => {
    const { walletId } = await openUser();
    const key = newKey();
    const reference = newKey();
    const spell = (amount: string, more: string) =>
      `{"walletId":"${walletId}",${more}"amount":${amount},"paymentReference":"${reference}"}`;
    const metadata = '"metadata":{"a":"1","b":"\\u0062"},';
    const first = await post("/transactions/fund", spell("5", metadata), key);
    expect(first.status).toBe(201);
    const reordered = `\n{ "paymentReference": "${reference}", "metadata": {"b":"b","a":"1"},
      "amount":\t5, "walletId": "${walletId}" }\r\n`;
    const again = await post("/transactions/fund", reordered, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  test("whether it names the wallets or their owners", async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const key = newKey();
    const path = "/transactions/transfer";
    const first = await post(path, newTransfer(from.walletId, to.walletId, 1), key);
    for (const [sender, receiver] of [
      [from.userId, to.userId],
      [from.walletId, to.userId],
      [from.userId, to.walletId],
    ] as const) {
      await expectReplayed(path, newTransfer(sender, receiver, 1), key, first);
    }
    expect(await balanceOf(from.walletId)).toBe(9);
  });

  test("whether its key is quoted or bare", async () => {
    for (const { path, body, success } of await goodWrites()) {
      const key = newKey();
      const first = await post(path, body, `"${key}"`);
      expect(first.status).toBe(success);
      await expectReplayed(path, body, key, first);
    }
  });

  test.each(["!", "k".repeat(255), "a\\b", "~{}[]()<>=;:/?@#$%^&*_+'`|", '"a\\\\\\"b"'])(
    "by the key %s",
    async (key) => {
      const body = { name: "Ada" };
      const first = await post("/users", body, key);
      expect(first.status).toBe(201);
      await expectReplayed("/users", body, key, first);
    },
  );
});

describe("keys are told apart", () => {
  test("by every character and its case", async () => {
    const key = newKey();
    const keys = [key, key.toUpperCase(), `${key}.`, `.${key}`, `'${key}'`];
    const answers = await Promise.all(keys.map((one) => post("/users", { name: "Ada" }, one)));
    expect(new Set(answers.map(({ body }) => body["id"])).size).toBe(keys.length);
  });

  test("between users and money operations, which share no key", async () => {
    const [user, funding, transfer] = await goodWrites();
    const key = newKey();
    for (const { path, body } of [user, funding]) {
      const answer = await post(path, body, key);
      expect([answer.status, answer.headers.has("idempotent-replayed")]).toEqual([201, false]);
    }
    const reused = await post(transfer.path, transfer.body, key);
    expect(reused.body["code"]).toBe("idempotency_key_reused");
  });
});

test("a 201 does not change with what happens later", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  const sent = newTransfer(from.walletId, to.walletId, 10);
  const first = await post("/transactions/transfer", sent, key);
  await setFrozen(from.walletId, true);
  await post("/transactions/transfer", newTransfer(to.walletId, from.walletId, 3));
  await expectReplayed("/transactions/transfer", sent, key, first);
  expect((await get(String(first.headers.get("location")))).body["status"]).toBe("committed");
});
