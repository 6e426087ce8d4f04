// Guarantee: reads are strictly serializable with transfers. A read shows what was acknowledged
// before it began, never what has not begun, and once any read of any wallet has shown a transfer,
// every later read of the other wallet shows it too: none shows half of one.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "../../support/caller.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { fundedWallet, openWallet, readBalance } from "../../support/wallets.ts";

const transfers = 40;
const start = 1_000;

interface Counts {
  begun: number;
  acknowledged: number;
}

/** Transfers of 1 from Ada to Bob, some at a time. Each counts before it begins and when it ends. */
async function keepMoving(from: string, to: string, counts: Counts, lanes: number): Promise<void> {
  const lane = async () => {
    while (counts.begun < transfers) {
      counts.begun += 1;
      expect(outcomeOf(await submit(submission(transfer(from, to, 1))))).toBe("committed");
      counts.acknowledged += 1;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** How many transfers an answer shows; `inDoubt`: it says itself that it may miss later ones. */
interface Seen {
  readonly count: number;
  readonly inDoubt: boolean;
}

type Read = () => Promise<Seen>;

async function seenInBalance(walletId: string, before: number): Promise<Seen> {
  const { positions, inFlight } = await readBalance(walletId);
  const usd = positions.find(({ currency }) => currency === "USD");
  const balance = usd?.balance ?? 0;
  expect(usd?.available ?? 0).toBe(balance - (usd?.held ?? 0));
  return { count: Math.abs(balance - before), inDoubt: inFlight !== undefined };
}

async function seenInHistory(walletId: string): Promise<Seen> {
  const about = { ...call, walletId, filter: { type: "transfer" }, limit: 200 } as const;
  const page = await walletStub(env, tenant, walletId).readHistory(about);
  if (!page.ok) throw new Error(page.problem);
  return { count: page.entries.length, inDoubt: page.inFlight !== undefined };
}

describe.each([1, 6])(
  "reads while transfers run from one wallet to another, %i at a time",
  (lanes) => {
    it(
      "never show half a transfer, nor less than an earlier read",
      { timeout: 60_000 },
      async () => {
        const [ada, bob] = await Promise.all([fundedWallet(start), openWallet()]);
        const counts: Counts = { begun: 0, acknowledged: 0 };
        const reads: readonly [Read, ...Read[]] = [
          () => seenInBalance(ada, start),
          () => seenInBalance(bob, 0),
          () => seenInHistory(ada),
          () => seenInHistory(bob),
        ];
        let shown = 0;
        const read = async (turn: number) => {
          const [acknowledged, shownBefore] = [counts.acknowledged, shown];
          const { count, inDoubt } = await (reads[turn % reads.length] ?? reads[0])();
          // What was acknowledged before the read began is in every answer, also in one that is in
          // doubt; and here, where every log can be asked, what an earlier read has shown.
          expect(count).toBeGreaterThanOrEqual(Math.max(acknowledged, shownBefore));
          expect(count).toBeLessThanOrEqual(counts.begun);
          if (!inDoubt) shown = Math.max(shown, count);
        };
        const reader = async (first: number) => {
          for (let turn = first; counts.acknowledged < transfers; turn++) await read(turn);
        };
        await Promise.all([keepMoving(ada, bob, counts, lanes), reader(0), reader(1), reader(3)]);
        await Promise.all([0, 1, 2, 3].map(read));
        expect(shown).toBe(transfers);
      },
    );
  },
);
