// Guarantee: what is decided but not yet known to every account is told as pending; the same key
// leads to the end of it, in the words that the decision has.
import { expect, test } from "vitest";
import { expectProblem, get } from "../../support/http.ts";
import { newTransfer, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { walletObject } from "../../support/stubs.ts";
import { breakTable } from "../../support/objects.ts";

/** Each answer that is not final takes 5 s, in ms. */
const timeout = 20_000;

test.concurrent(
  "committed, and a receiver that cannot post: pending, then 201",
  { timeout },
  async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const repair = await breakTable(walletObject(to.walletId), "INSERT", "entries");
    const key = newKey();
    const sent = newTransfer(from.walletId, to.walletId, 4);
    const [first, second] = await Promise.all([transfer(sent, key), transfer(sent, key)]);
    for (const answer of [first, second]) {
      expect(answer.status).toBe(202);
      expect(answer.body["status"]).toBe("pending");
      expect(answer.headers.get("retry-after")).toBe("1");
    }
    expect(first.text).toBe(second.text);
    const replays = [first, second].filter(({ headers }) => headers.has("idempotent-replayed"));
    expect(replays.length).toBe(1);
    const read = await get(first.headers.get("location") ?? "");
    expect(read.body["status"]).toBe("committed");
    expect(Object.keys(read.body)).not.toContain("settledAt");

    await repair();
    const last = await transfer(sent, key);
    expect(last.status).toBe(201);
    expect(last.text).toBe(first.text.replace('"status":"pending"', '"status":"committed"'));
    expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([6, 4]);
  },
);

test.concurrent(
  "rejected, and a receiver that cannot let go: pending, then the refusal",
  { timeout },
  async () => {
    const [from, to] = await Promise.all([openUser(), openUser()]);
    const repair = await breakTable(walletObject(to.walletId), "UPDATE", "legs");
    const key = newKey();
    const sent = newTransfer(from.walletId, to.walletId, 4);
    const first = await transfer(sent, key);
    expect([first.status, first.body["status"]]).toEqual([202, "pending"]);

    await repair();
    const last = await transfer(sent, key);
    expectProblem(last, 422, "insufficient_funds");
    expect((await transfer(sent, key)).text).toBe(last.text);
    expect((await get(`/wallets/${to.walletId}/balance`)).body["incoming"]).toBe(0);
  },
);

test.concurrent(
  "undecided, and a sender that cannot vote: pending, then 201",
  { timeout },
  async () => {
    const [from, to] = await Promise.all([openFunded(10), openUser()]);
    const repair = await breakTable(walletObject(from.walletId), "INSERT", "legs");
    const key = newKey();
    const sent = newTransfer(from.walletId, to.walletId, 4);
    expect((await transfer(sent, key)).status).toBe(202);
    await repair();
    expect((await transfer(sent, key)).status).toBe(201);
    expect([await balanceOf(from.walletId), await balanceOf(to.walletId)]).toEqual([6, 4]);
  },
);
