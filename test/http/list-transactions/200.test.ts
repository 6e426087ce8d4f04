// Guarantee: the history shows every entry once, newest first, with the balance after it, whatever
// is filtered and however it is cut into pages.
import { describe, expect, test } from "vitest";
import { get, type Body } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";

interface Page {
  readonly data: readonly Body[];
  readonly nextCursor: string | null;
}

async function pageOf(query: string): Promise<Page> {
  const { status, body, text } = await get(`/transactions?${query}`);
  expect(status, `answered: ${text}`).toBe(200);
  return body as unknown as Page;
}

/** Every page from the first to the last. */
async function pagesOf(query: string): Promise<Page[]> {
  const pages = [await pageOf(query)];
  for (let cursor = pages[0]?.nextCursor; cursor; cursor = pages.at(-1)?.nextCursor) {
    pages.push(await pageOf(`${query}&cursor=${cursor}`));
  }
  return pages;
}

const entriesOf = (pages: readonly Page[]) => pages.flatMap(({ data }) => data);

/** A wallet with fundings in two currencies and a transfer in between: seven entries. */
async function usedWallet() {
  const [user, other] = await Promise.all([openUser(), openUser()]);
  const { walletId } = user;
  await fund(newFunding(walletId, 100, { provider: "stripe", description: "one" }));
  await fund(newFunding(walletId, 20, { currency: "EUR", metadata: { a: "b" } }));
  await transfer(newTransfer(walletId, other.walletId, 30));
  await fund(newFunding(walletId, 5));
  await transfer(newTransfer(walletId, other.walletId, 8, { currency: "EUR" }));
  await transfer(newTransfer(other.walletId, walletId, 10));
  await fund(newFunding(walletId, 1, { currency: "JPY" }));
  return { ...user, other };
}

const used = await usedWallet();
const query = `walletId=${used.walletId}`;
const { data: all } = await pageOf(query);

test("an entry says all that the contract lists", async () => {
  const sent = newFunding(used.other.walletId, 7, { description: "d", metadata: { a: "b" } });
  const { body } = await fund(sent);
  const [entry] = (await pageOf(`walletId=${used.other.userId}`)).data;
  const { hash, decidedAt, createdAt, sequence, balanceAfter, ...rest } = entry ?? {};
  expect(rest).toEqual({
    walletId: used.other.walletId,
    transactionId: body["id"],
    type: "funding",
    bucket: "available",
    direction: "credit",
    amount: 7,
    currency: "USD",
    counterparty: "external:default",
    paymentReference: sent.paymentReference,
    provider: "default",
    description: "d",
    metadata: { a: "b" },
  });
  expect(hash).toEqual(expect.stringMatching(/^[0-9a-f]{64}$/));
  const decision = (await get(`/transactions/${String(body["id"])}`)).body["decidedAt"];
  expect(decidedAt).toBe(decision);
  expect(String(createdAt) >= String(decision)).toBe(true);
  expect([sequence, balanceAfter]).toEqual([4, 27]);
});

test("newest first, gapless, with the balance of the entry's currency after it", () => {
  const told = all.map((entry) => [
    entry["sequence"],
    entry["direction"],
    entry["amount"],
    entry["currency"],
    entry["balanceAfter"],
  ]);
  expect(told).toEqual([
    [7, "credit", 1, "JPY", 1],
    [6, "credit", 10, "USD", 85],
    [5, "debit", 8, "EUR", 12],
    [4, "credit", 5, "USD", 75],
    [3, "debit", 30, "USD", 70],
    [2, "credit", 20, "EUR", 20],
    [1, "credit", 100, "USD", 100],
  ]);
});

test("times never run backwards", () => {
  const times = all.map((entry) => String(entry["createdAt"]));
  expect(times).toEqual(times.toSorted().toReversed());
});

test("a wallet without entries has an empty page and an end", async () => {
  const { walletId } = await openUser();
  expect(await pageOf(`walletId=${walletId}`)).toEqual({ data: [], nextCursor: null });
});

describe("filters", () => {
  test.each([
    ["currency=EUR", [5, 2]],
    ["currency=CHF", []],
    ["direction=debit", [5, 3]],
    ["direction=credit&currency=USD", [6, 4, 1]],
    ["type=transfer", [6, 5, 3]],
    ["type=funding&currency=JPY", [7]],
    ["type=funding&direction=debit", []],
  ])("%s: only these, balances as before", async (filter, sequences) => {
    const { data } = await pageOf(`${query}&${filter}`);
    expect(data).toEqual(all.filter(({ sequence }) => sequences.includes(Number(sequence))));
  });
});

describe("from and to", () => {
  const times = all.map((entry) => String(entry["decidedAt"]));
  const middle = times[3] ?? "";
  const later = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();
  const count = async (range: string) => (await pageOf(`${query}&${range}`)).data.length;
  const since = (time: string) => times.filter((one) => one >= time).length;

  test("from is inclusive, to is exclusive", async () => {
    expect(await count(`from=${middle}`)).toBe(since(middle));
    expect(await count(`from=${later(middle, 1)}`)).toBe(since(later(middle, 1)));
    expect(await count(`to=${middle}`)).toBe(all.length - since(middle));
    expect(await count(`to=${later(middle, 1)}`)).toBe(all.length - since(later(middle, 1)));
    expect(await count(`from=${middle}&to=${middle}`)).toBe(0);
    const moment = times.filter((one) => one === middle).length;
    expect(await count(`from=${middle}&to=${later(middle, 1)}`)).toBe(moment);
  });

  test("a moment between two milliseconds means the later one", async () => {
    expect(await count(`from=${middle.replace("Z", "1Z")}`)).toBe(since(later(middle, 1)));
    expect(await count(`from=${middle.replace("Z", "000Z")}`)).toBe(since(middle));
  });

  test("an offset is understood", async () => {
    const shifted = later(middle, 2 * 60 * 60 * 1_000).replace("Z", "%2B02:00");
    expect(await count(`from=${shifted}`)).toBe(since(middle));
  });

  test("outside of the ledger there is nothing, and the end", async () => {
    const nothing = { data: [], nextCursor: null };
    expect(await pageOf(`${query}&from=2999-01-01T00:00:00Z`)).toEqual(nothing);
    expect(await pageOf(`${query}&to=1970-01-01T00:00:00Z`)).toEqual(nothing);
  });

  test("spelled in lower case, with any fraction or as a leap second, a moment is the same", async () => {
    const lower = middle.replace("T", "t").replace("Z", "z");
    expect(await count(`from=${lower}`)).toBe(since(middle));
    expect(await count(`from=${middle.replace("Z", "000000z")}`)).toBe(since(middle));
    expect(await count("from=2016-12-31T23:59:60Z")).toBe(all.length);
    expect(await count("to=2017-01-01T01:59:60.5%2B02:00")).toBe(0);
  });
});

describe("pages", () => {
  test.each([1, 2, 3, 6, 7, 8, 200])("of %i give every entry once", async (limit) => {
    const pages = await pagesOf(`${query}&limit=${limit}`);
    expect(entriesOf(pages)).toEqual(all);
    expect(pages.every(({ data }) => data.length <= limit)).toBe(true);
  });

  test.each(["currency=USD", "direction=debit", "type=funding", "currency=CHF"])(
    "of a filter (%s) give what one page gives",
    async (filter) => {
      const pages = await pagesOf(`${query}&${filter}&limit=1`);
      expect(entriesOf(pages)).toEqual((await pageOf(`${query}&${filter}`)).data);
    },
  );

  test("end with the last match, and not with an empty page after it", async () => {
    const { walletId } = await openUser();
    for (const currency of ["USD", "CHF", "EUR", "CHF", "USD", "EUR"]) {
      await fund(newFunding(walletId, 1, { currency }));
    }
    const filtered = (currency: string, limit: number) =>
      pagesOf(`walletId=${walletId}&currency=${currency}&limit=${limit}`);
    for (const currency of ["USD", "CHF", "EUR"]) {
      expect((await filtered(currency, 1)).map(({ data }) => data.length)).toEqual([1, 1]);
      expect((await filtered(currency, 2)).map(({ data }) => data.length)).toEqual([2]);
    }
  });

  test("may differ in their limit, and may be asked for by either id", async () => {
    const first = await pageOf(`${query}&limit=2`);
    const second = await pageOf(`walletId=${used.userId}&limit=4&cursor=${first.nextCursor}`);
    const third = await pageOf(`${query}&cursor=${second.nextCursor}`);
    expect(entriesOf([first, second, third])).toEqual(all);
    expect(third.nextCursor).toBeNull();
  });

  test("neither skip nor repeat while others write", async () => {
    const { walletId } = await openUser();
    for (let amount = 1; amount <= 4; amount++) await fund(newFunding(walletId, amount));
    const before = (await pageOf(`walletId=${walletId}`)).data;
    const first = await pageOf(`walletId=${walletId}&limit=2`);
    await fund(newFunding(walletId, 99));
    const second = await pageOf(`walletId=${walletId}&limit=2&cursor=${first.nextCursor}`);
    expect(entriesOf([first, second])).toEqual(before);
    expect(second.nextCursor).toBeNull();
  });

  test("a page reads the same again, to the byte", async () => {
    const { nextCursor } = await pageOf(`${query}&limit=3`);
    const path = `/transactions?${query}&cursor=${nextCursor}`;
    expect((await get(path)).text).toBe((await get(path)).text);
  });

  test("of 50 unless told otherwise, across a checkpoint", async () => {
    const { walletId } = await openUser();
    const fundings = Array.from({ length: 66 }, () => fund(newFunding(walletId, 1)));
    await Promise.all(fundings);
    const pages = await pagesOf(`walletId=${walletId}`);
    expect(pages.map(({ data }) => data.length)).toEqual([50, 16]);
    const balances = entriesOf(pages).map((entry) => entry["balanceAfter"]);
    expect(balances).toEqual(Array.from({ length: 66 }, (_, index) => 66 - index));
  });
});
