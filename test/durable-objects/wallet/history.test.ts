// Guarantee: history shows every entry once, newest first, with the balance after it, whatever is
// filtered out, and paging while money moves neither skips nor repeats.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { historyScanMax } from "../../../src/domain/limits.ts";
import type {
  HistoryEntry,
  HistoryFilter,
  HistoryPage,
} from "../../../src/durable-objects/wallet/contract.ts";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { funding, submission, transfer } from "../../support/ledger.ts";
import { openWallet } from "../../support/wallets.ts";
import { postMany, sidesOf } from "../../support/legs.ts";
import { walletObject } from "../../support/stubs.ts";

const someone = `wal_${"0".repeat(26)}`;

async function readPage(
  walletId: string,
  filter: HistoryFilter,
  limit: number,
  before?: number,
): Promise<HistoryPage> {
  const about = { ...call, walletId, filter, limit, ...(before !== undefined && { before }) };
  const page = await walletStub(env, tenant, walletId).readHistory(about);
  if (!page.ok) throw new Error(page.problem);
  return page;
}

/** All pages, one after the other, with `between` run between them. */
async function readAll(
  walletId: string,
  filter: HistoryFilter,
  limit: number,
  between: () => Promise<void> = async () => {},
): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let before: number | undefined;
  do {
    const page = await readPage(walletId, filter, limit, before);
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    entries.push(...page.entries);
    before = page.nextBefore ?? undefined;
    await between();
  } while (before !== undefined);
  return entries;
}

const sequencesOf = (entries: readonly HistoryEntry[]) => entries.map(({ sequence }) => sequence);

/** 10, 9, ... 1 */
const downFrom = (high: number, low = 1) =>
  Array.from({ length: high - low + 1 }, (_, index) => high - index);

/** Credits and debits in two currencies. */
const mixed = (walletId: string) => (index: number) => {
  const currency = index % 4 === 3 ? "EUR" : "USD";
  return index % 3 === 2 && currency === "USD"
    ? submission({ ...transfer(walletId, someone, 1 + index), currency })
    : submission({ ...funding(walletId, 100 + index), currency });
};

afterEach(() => {
  vi.useRealTimers();
});

describe("paging", { timeout: 30_000 }, () => {
  it.each([1, 2, 7, 64, 149, 150, 151])(
    "by %i shows each entry once, newest first",
    async (limit) => {
      const walletId = await openWallet();
      await postMany(walletId, 150, mixed(walletId));
      expect(sequencesOf(await readAll(walletId, {}, limit))).toEqual(downFrom(150));
    },
  );

  it("while money moves shows exactly what was there at the first page", async () => {
    const walletId = await openWallet();
    await postMany(walletId, 40, mixed(walletId));
    const entries = await readAll(walletId, {}, 7, () => postMany(walletId, 3, mixed(walletId)));
    expect(sequencesOf(entries)).toEqual(downFrom(40));
    expect((await readPage(walletId, {}, 1)).entries[0]?.sequence).toBeGreaterThan(40);
  });

  it("of an empty wallet, and behind the end, is empty and ends", async () => {
    const walletId = await openWallet();
    const end = { entries: [], nextBefore: null };
    expect(await readPage(walletId, {}, 10)).toMatchObject(end);
    await postMany(walletId, 3, mixed(walletId));
    expect(await readPage(walletId, {}, 10, 1)).toMatchObject(end);
    const page = await readPage(walletId, {}, 10, 1_000);
    expect(sequencesOf(page.entries)).toEqual([3, 2, 1]);
  });
});

describe("the balance after an entry", () => {
  const filters: readonly HistoryFilter[] = [
    {},
    { currency: "EUR" },
    { currency: "USD" },
    { currency: "JPY" },
    { direction: "debit" },
    { direction: "credit", currency: "USD" },
    { type: "transfer" },
    { type: "funding", direction: "debit" },
  ];
  let walletId: string;
  /** Every entry as it must be shown, added up here from the first one on. */
  const all: HistoryEntry[] = [];

  beforeAll(async () => {
    walletId = await openWallet();
    await postMany(walletId, 140, mixed(walletId));
    const nets = new Map<string, number>();
    for (const entry of (await readAll(walletId, {}, 200)).toReversed()) {
      const sign = entry.direction === "credit" ? 1 : -1;
      const net = (nets.get(entry.currency) ?? 0) + sign * entry.amount;
      nets.set(entry.currency, net);
      all.unshift({ ...entry, balanceAfter: net });
    }
  });

  it.each(filters)("is the account's, under %j and any page size", async (filter) => {
    const expected = all.filter((entry) =>
      Object.entries(filter).every(([field, value]) => entry[field as "type"] === value),
    );
    for (const limit of [1, 10, 200]) {
      expect(await readAll(walletId, filter, limit)).toEqual(expected);
    }
  });
});

describe("from and to", () => {
  /** Posts fundings that were decided and posted at these times, in ms from the start. */
  async function postLate(walletId: string, times: readonly (readonly [number, number])[]) {
    vi.useFakeTimers({ toFake: ["Date"] });
    const start = Date.now();
    const calls = times.map(([decided]) => {
      const [, { call: posting }] = sidesOf(submission(funding(walletId, 1)));
      return { ...posting, decidedAt: start + decided };
    });
    await runInDurableObject(walletObject(walletId), async (wallet) => {
      for (const [index, one] of calls.entries()) {
        vi.setSystemTime(start + (times[index]?.[1] ?? 0));
        await wallet.hold(one);
        await wallet.post(one);
      }
    });
    return start;
  }

  it("cut by the time of the decision: from inclusive, to exclusive, ties kept together", async () => {
    const walletId = await openWallet();
    // One was decided early and is posted last of all.
    const decided = [0, 10, 10, 10, 20].map((time) => [time, time] as const);
    const start = await postLate(walletId, [...decided, [15, 40]]);
    const within = async (from?: number, to?: number) => {
      const filter = {
        ...(from !== undefined && { from: start + from }),
        ...(to !== undefined && { to: start + to }),
      };
      const entries = await readAll(walletId, filter, 2);
      return sequencesOf(entries);
    };
    expect(await within()).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await within(10)).toEqual([6, 5, 4, 3, 2]);
    expect(await within(11)).toEqual([6, 5]);
    expect(await within(20)).toEqual([5]);
    expect(await within(21)).toEqual([]);
    expect(await within(undefined, 10)).toEqual([1]);
    expect(await within(undefined, 11)).toEqual([4, 3, 2, 1]);
    expect(await within(undefined, 0)).toEqual([]);
    expect(await within(undefined, 16)).toEqual([6, 4, 3, 2, 1]);
    expect(await within(15, 16)).toEqual([6]);
    expect(await within(16, 20)).toEqual([]);
    expect(await within(30, 50)).toEqual([]);
    expect(await within(10, 10)).toEqual([]);
    expect(await within(20, 10)).toEqual([]);
    expect(await within(-5, 1_000)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it.each([
    ["before", 20],
    ["behind", 132],
  ])("neither skip nor repeat what is posted late, %s the checkpoints", async (_, late) => {
    const walletId = await openWallet();
    let posted = 0;
    const times = Array.from({ length: 140 }, (__, index) => {
      const decided = 10 * index + ((37 * index) % 90);
      posted = Math.max(posted, decided + (index === late ? 400 : (7 * index) % 50));
      return [decided, posted] as const;
    });
    const start = await postLate(walletId, times);
    const all = await readAll(walletId, {}, 200);
    for (const [from, to] of [
      [0, 300],
      [205, 280],
      [400, 900],
      [900, 2_000],
      [1_300, 1_350],
    ] as const) {
      const filter = { from: start + from, to: start + to };
      const expected = all.filter(
        ({ decidedAt }) => decidedAt >= filter.from && decidedAt < filter.to,
      );
      expect(expected.length).toBeGreaterThan(0);
      for (const limit of [1, 7, 200]) {
        expect(await readAll(walletId, filter, limit)).toEqual(expected);
      }
    }
  });
});

describe("a page that filters nearly everything out", () => {
  it(
    "stops after 5000 entries, short, and the next one goes on behind them",
    { timeout: 30_000 },
    async () => {
      const walletId = await openWallet();
      const euro = () => submission({ ...funding(walletId, 1), currency: "EUR" });
      await postMany(walletId, 2, euro);
      await postMany(walletId, historyScanMax, () => submission(funding(walletId, 1)));
      const filter = { currency: "EUR" };
      const first = await readPage(walletId, filter, 10);
      expect(first).toMatchObject({ entries: [], nextBefore: 3 });
      const second = await readPage(walletId, filter, 10, 3);
      expect(sequencesOf(second.entries)).toEqual([2, 1]);
      expect(second).toMatchObject({
        entries: [{ balanceAfter: 2 }, { balanceAfter: 1 }],
        nextBefore: null,
      });
      const others = await readPage(walletId, { currency: "USD" }, 1, 3);
      expect(others).toMatchObject({ entries: [], nextBefore: null });
    },
  );
});
