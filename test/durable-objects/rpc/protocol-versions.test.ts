// Guarantee: of two releases at once, neither delays what both can do: each understands the other's
// version of calls, and calls in the lowest that can say what it has to say.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { logShardOf } from "../../../src/domain/ids.ts";
import { legsOf, linesOf, type Posting } from "../../../src/domain/protocol/transaction.ts";
import type { AccountApi, LegCall } from "../../../src/durable-objects/account/contract.ts";
import {
  isUnderstood,
  protocolVersions,
  versionToSay,
  type Call,
} from "../../../src/durable-objects/rpc/contract.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { LegCalls } from "../../../src/durable-objects/transfer-log/leg-calls.ts";
import { call, unknownVersion } from "../../support/caller.ts";
import { breakNetwork, FaultyNetwork } from "../../support/faulty-stubs.ts";
import { newTransfer, reverse, transfer as httpTransfer } from "../../support/http-ledger.ts";
import { sidesOf } from "../../support/legs.ts";
import { funding, outcomeOf, submission, transfer } from "../../support/ledger.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { failureOf } from "../../support/objects.ts";
import { onAccountStage, undecided } from "../../support/staged-account.ts";
import { eventsHappen } from "../../support/staged-log.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";

const { before, own } = protocolVersions;
const versions = [before, own];

const origin = { transactionId: "txn_ORIGIN", refusal: "insufficient_funds" } as const;
const claimOf = (key: string) => ({ key, amount: 1, refusal: "insufficient_funds" }) as const;

/** A leg of a funding, and how each thing that is new changes it. */
function plainPosting(): Posting {
  const submitted = submission(funding("wal_A", 5));
  const [leg] = legsOf({ ...submitted, lines: linesOf(submitted.request) });
  if (!leg) throw new Error("a funding has legs");
  return leg.posting;
}

const additions: Readonly<Record<string, (posting: Posting) => Posting>> = {
  "an origin": (posting) => ({ ...posting, origin }),
  "a claim on an origin": (posting) => ({
    ...posting,
    claims: [...posting.claims, claimOf("origin:txn_ORIGIN")],
  }),
  "reserved money": (posting) => ({
    ...posting,
    lines: posting.lines.map((line) => ({ ...line, bucket: "reserved" })),
  }),
};

describe("a version", () => {
  it("is understood where it is this release's or that of the one before", () => {
    expect(own).toBe(before + 1);
    expect(versions.every((protocol) => isUnderstood({ protocol }))).toBe(true);
    const others = [before - 1, unknownVersion, undefined, String(own)];
    expect(others.filter((protocol) => isUnderstood({ protocol }))).toEqual([]);
  });

  it("is the one before, where that can say the leg", () => {
    const posting = plainPosting();
    expect(posting.claims).toHaveLength(1);
    expect(versionToSay(posting)).toBe(before);
    const payout = { ...posting, claims: [claimOf("payout:origin:1")] };
    expect(versionToSay(payout)).toBe(before);
  });

  it.each(Object.entries(additions))("is this release's where the leg has %s", (_what, add) => {
    expect(versionToSay(add(plainPosting()))).toBe(own);
  });
});

describe("a log", () => {
  it("calls each account in the lowest version that can say its leg", async () => {
    const submitted = submission(transfer("wal_A", "wal_B", 5));
    const [debit, credit] = legsOf({ ...submitted, lines: linesOf(submitted.request) });
    if (!debit || !credit) throw new Error("a transfer has two legs");
    const legs = [debit, { ...credit, posting: { ...credit.posting, origin } }];
    const called: string[] = [];
    const note = async ({ account, protocol }: LegCall) =>
      void called.push(`${account} ${protocol}`);
    const account = { hold: note, post: note, release: note } as unknown as AccountApi;
    const calls = new LegCalls(submitted, legs, "test", {
      accounts: () => account as never,
      clock: new ManualClock(),
      log: () => undefined,
    });
    const each = [`wal_A ${before}`, `wal_B ${own}`];
    await calls.hold();
    await calls.settle("post", { decidedAt: 1 });
    await calls.settle("release", { decidedAt: 1 });
    expect(called).toEqual([...each, ...each, ...each]);
  });

  it.each(versions)("takes submissions and asks of version %i", async (protocol) => {
    const submitted = submission(transfer(await fundedWallet(5), await openWallet(), 5));
    const log = logStub(env, logShardOf(submitted.id));
    const sent = { ...call, protocol, principal: "test", submission: submitted };
    expect(outcomeOf(await log.submit(sent))).toBe("committed");
    const [{ call: asker }] = sidesOf(submitted);
    const { id: transactionId, fingerprint } = submitted;
    const questions = [{ transactionId, fingerprint }];
    const about = { ...call, protocol, account: asker.account };
    expect(await log.ask({ ...about, questions })).toMatchObject({
      ok: true,
      answers: [{ decision: "commit" }],
    });
  });
});

describe("the edge", () => {
  it("submits in the lowest version that can say all legs", async () => {
    const submitted: unknown[] = [];
    const network = new FaultyNetwork();
    vi.spyOn(network, "carry").mockImplementation(async (method, sent, deliver) => {
      if (method === "submit") submitted.push((sent as Call).protocol);
      return await deliver();
    });
    const { restore } = breakNetwork(network);
    const [from, to] = await Promise.all([fundedWallet(5), openWallet()]);
    submitted.length = 0;
    const { body } = await httpTransfer(newTransfer(from, to, 5));
    expect((await reverse(body["id"])).status).toBe(201);
    restore();
    expect(submitted).toEqual([before, own]);
  });
});

describe("an account", () => {
  it.each(versions)("holds, posts and releases in version %i", async (protocol) => {
    const [sender, receiver] = [await fundedWallet(9), await openWallet()];
    const [posted] = sidesOf(submission(transfer(sender, receiver, 4)));
    const [released] = sidesOf(submission(transfer(sender, receiver, 5)));
    for (const { api, call: about } of [posted, released]) {
      expect(await api.hold({ ...about, protocol })).toMatchObject({ vote: "yes" });
    }
    const acknowledged = { acknowledged: true };
    expect(await posted.api.post({ ...posted.call, protocol })).toMatchObject(acknowledged);
    expect(await released.api.release({ ...released.call, protocol })).toEqual(acknowledged);
  });

  it("asks in the version before", async () => {
    const walletId = await fundedWallet(5);
    const [first, second] = [5, 4].map(
      (amount) => sidesOf(submission(transfer(walletId, "wal_B", amount)))[0],
    );
    if (!first || !second) throw new Error("two transfers have two senders");
    await onAccountStage(walletObject(walletId), "wallet", async (stage) => {
      await stage.account.hold(first.call);
      stage.clock.pass(1_000);
      const vote = stage.account.hold(second.call);
      await eventsHappen();
      expect(stage.logs.at(0).protocol).toBe(before);
      stage.logs.at(0).answer(undecided);
      expect(await vote).toMatchObject({ vote: "no" });
    });
  });

  it.each(versions)(
    "throws on a malformed call of version %i, which it can read",
    async (protocol) => {
      const [{ api, call: about }] = sidesOf(submission(transfer(await openWallet(), "wal_B", 1)));
      const malformed = { ...about, protocol, posting: { ...about.posting, lines: 7 } };
      expect(await failureOf(async () => api.hold(malformed as never))).toContain("malformed");
    },
  );
});
