// Guarantee: whatever order the two phases arrive in, repeated or late, an account posts a leg once
// or never, its YES binds, and what contradicts its records changes nothing.
import { describe, expect, it } from "vitest";
import type { Acknowledgement } from "../../../src/durable-objects/account/contract.ts";
import type { Posting } from "../../../src/domain/protocol/transaction.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { unknownVersion } from "../../support/caller.ts";
import { funding, submission, transfer } from "../../support/ledger.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf, type Phase, type Side } from "../../support/legs.ts";
import { contentsOf } from "../../support/objects.ts";

type State = "none" | "held" | "posted" | "void";

/** What each call must be answered, and the leg's state after it. */
const model: Readonly<Record<State, Readonly<Record<Phase, readonly [string, State]>>>> = {
  none: { hold: ["yes", "held"], post: ["fault", "none"], release: ["acknowledged", "void"] },
  held: {
    hold: ["yes", "held"],
    post: ["acknowledged", "posted"],
    release: ["acknowledged", "void"],
  },
  posted: {
    hold: ["yes", "posted"],
    post: ["acknowledged", "posted"],
    release: ["fault", "posted"],
  },
  void: { hold: ["no", "void"], post: ["fault", "void"], release: ["acknowledged", "void"] },
};

const phases: readonly Phase[] = ["hold", "post", "release"];

function shown(answer: Vote | Acknowledgement): string {
  if ("vote" in answer) return answer.vote;
  return answer.acknowledged ? "acknowledged" : answer.reason;
}

/** All sequences of `length` calls. */
function sequences(length: number): Phase[][] {
  if (length === 0) return [[]];
  return sequences(length - 1).flatMap((rest) => phases.map((phase) => [...rest, phase]));
}

/** Plays the calls; returns what came of them, and what should have. */
async function play(side: Side, calls: readonly Phase[]) {
  let state: State = "none";
  const expected: string[] = [];
  const actual: string[] = [];
  for (const phase of calls) {
    const [answer, next]: readonly [string, State] = model[state][phase];
    expected.push(`${phase}: ${answer}`);
    state = next;
    actual.push(`${phase}: ${shown(await side[phase]())}`);
  }
  const legs = state === "none" ? 0 : 1;
  const entries = state === "posted" ? 1 : 0;
  expected.push(JSON.stringify({ state, legs, entries }));
  const recorded = await recordedLeg(side.object, side.call.posting.transactionId);
  actual.push(JSON.stringify(recorded));
  return { expected, actual };
}

describe("every order of four calls, with every repetition", { timeout: 30_000 }, () => {
  it("is answered by the leg machine, for the debit and the credit of wallets", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(1_000), openWallet()]);
    for (const calls of sequences(4)) {
      const [debit, credit] = sidesOf(submission(transfer(sender, receiver, 1)));
      for (const { expected, actual } of await Promise.all([
        play(debit, calls),
        play(credit, calls),
      ])) {
        expect(actual).toEqual(expected);
      }
    }
  });

  it("is answered by the leg machine, for the outside world", async () => {
    const wallet = await openWallet();
    for (const calls of sequences(4)) {
      const [external] = sidesOf(submission(funding(wallet, 1)));
      // The state of a leg can be read once the shard is open, which a post does not do.
      await sidesOf(
        submission(funding(wallet, 1, external.call.posting.paymentReference)),
      )[0].release();
      const { expected, actual } = await play(external, calls);
      expect(actual).toEqual(expected);
    }
  });
});

describe("a leg that waits", () => {
  it("takes no late hold after a release: it cannot keep money", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const [debit] = sidesOf(submission(transfer(sender, receiver, 10)));
    expect(await debit.release()).toEqual({ acknowledged: true });
    expect(await debit.hold()).toEqual({ vote: "no", refusal: { code: "transaction_expired" } });
    const [next] = sidesOf(submission(transfer(sender, receiver, 10)));
    expect(await next.hold()).toMatchObject({ vote: "yes" });
  });

  it("posts after its YES, whatever was spent or refused since", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const [first] = sidesOf(submission(transfer(sender, receiver, 6)));
    const [second] = sidesOf(submission(transfer(sender, receiver, 4)));
    expect(await first.hold()).toMatchObject({ vote: "yes" });
    expect(await second.hold()).toMatchObject({ vote: "yes" });
    expect(await second.post()).toMatchObject({ acknowledged: true });
    expect(await first.post()).toMatchObject({ acknowledged: true });
  });

  it("keeps its NO, even when the money has arrived since", async () => {
    const [sender, receiver] = await Promise.all([openWallet(), openWallet()]);
    const [debit] = sidesOf(submission(transfer(sender, receiver, 5)));
    const no = { vote: "no", refusal: { code: "insufficient_funds", account: sender } };
    expect(await debit.hold()).toEqual(no);
    const [, credit] = sidesOf(submission(funding(sender, 5)));
    await credit.hold();
    await credit.post();
    expect(await debit.hold()).toEqual(no);
    expect(await debit.release()).toEqual({ acknowledged: true });
    expect(await debit.hold()).toEqual(no);
  });
});

describe("a call with another content than the recorded leg's", () => {
  const line = {
    bucket: "available",
    direction: "debit",
    amount: 1,
    currency: "USD",
    counterparty: `wal_${"0".repeat(26)}`,
  } as const;
  const changes: Readonly<Record<string, Partial<Posting>>> = {
    fingerprint: { fingerprint: "fp1:other" },
    bucket: { lines: [{ ...line, bucket: "reserved" }] },
    direction: { lines: [{ ...line, direction: "credit" }] },
    currency: { lines: [{ ...line, currency: "EUR" }] },
    amount: { lines: [{ ...line, amount: 2 }] },
    "one line more": { lines: [line, line] },
    origin: { origin: { transactionId: `txn_${"0".repeat(26)}`, refusal: "transaction_expired" } },
  };

  for (const state of ["held", "posted", "void"] as const) {
    it.each(Object.entries(changes))(
      `is a fault and writes nothing: ${state}, %s`,
      async (_, change) => {
        const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
        const submitted = submission(transfer(sender, receiver, 1));
        const [debit] = sidesOf(submitted);
        if (state !== "void") await debit.hold();
        if (state === "posted") await debit.post();
        if (state === "void") await debit.release();
        const before = await contentsOf(debit.object);
        const call = { ...debit.call, posting: { ...debit.call.posting, ...change } };
        const fault = { acknowledged: false, reason: "fault" };
        expect(await debit.api.hold(call)).toMatchObject({ vote: "fault" });
        expect(await debit.api.post(call)).toMatchObject(fault);
        expect(await debit.api.release(call)).toMatchObject(fault);
        expect(await contentsOf(debit.object)).toBe(before);
      },
    );
  }
});

describe("a call of an unknown protocol version", () => {
  it("is BUSY, no vote and no acknowledgement, and writes nothing", async () => {
    const [sender, receiver] = await Promise.all([fundedWallet(10), openWallet()]);
    const [debit] = sidesOf(submission(transfer(sender, receiver, 1)));
    const before = await contentsOf(debit.object);
    const call = { ...debit.call, protocol: unknownVersion };
    const busy = { acknowledged: false, reason: "protocol_version" };
    expect(await debit.api.hold(call)).toEqual({ vote: "busy", reason: "protocol_version" });
    expect(await debit.api.post(call)).toEqual(busy);
    expect(await debit.api.release(call)).toEqual(busy);
    expect(await contentsOf(debit.object)).toBe(before);
  });
});
