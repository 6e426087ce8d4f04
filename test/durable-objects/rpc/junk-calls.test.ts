// Guarantee: every public method of every object's class can be called with anything, and what is
// not a good call by a good caller writes nothing: no row, no table, no alarm.
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { DurableObject, env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import {
  accountObjectName,
  apiKeyIdFor,
  externalAddress,
  freezeIdFor,
  keyRingObjectName,
  keyShardOf,
  scrubIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../../src/domain/ids.ts";
import { originKey } from "../../../src/domain/operations/operation.ts";
import { batchOf } from "../../../src/domain/protocol/batch.ts";
import type { LegCall, PostCall } from "../../../src/durable-objects/account/contract.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import * as worker from "../../../src/index.ts";
import { brokenCalls, junkCalls, type JunkCall } from "../../support/junk.ts";
import { call, tenant } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, submission, submit, transfer } from "../../support/ledger.ts";
import { logObject, walletObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { alarmOf, contentsOf, failureOf } from "../../support/objects.ts";

type Calls = Readonly<Record<string, object>>;

/** An object and a good call to each of its methods; none for a method without an argument. */
interface Subject {
  readonly object: DurableObjectStub;
  readonly calls: Calls;
}

const details = { description: "d", metadata: { a: "b" } };
/** No shard but this one is fresh: whatever else this file submits goes into shards of its own. */
const freshShard = 9;
const otherShard = 11;

/** The calls of the two phases: only a post says when the transaction was decided. */
function phasesOf({ decidedAt, ...leg }: PostCall): Calls {
  return { hold: leg, post: { ...leg, decidedAt }, release: leg };
}

const legsOf = ({ account, posting }: LegCall) => ({
  ...call,
  account,
  transactionIds: [posting.transactionId],
});

const claimsOf = ({ posting, ...about }: LegCall) => ({
  ...about,
  key: originKey(posting.transactionId),
});

function walletCalls(walletId: string, counterparty: string): Calls {
  const about = { ...call, walletId };
  const [debit] = sidesOf(submission({ ...transfer(walletId, counterparty, 1), ...details }));
  const filter = { currency: "USD", direction: "debit", type: "transfer", from: 1, to: 2 };
  return {
    open: {
      ...about,
      fingerprint: "fp1:0",
      profile: { name: "Ada", email: "ada@example.com", metadata: { a: "b" } },
    },
    profile: about,
    readBalance: about,
    readHistory: { ...about, filter, limit: 10, before: 5 },
    freeze: {
      ...about,
      freezeId: freezeIdFor(tenant, walletId, newKey()),
      fingerprint: "fp1:0",
      principal: "test",
      frozen: true,
      reason: "test",
    },
    freezes: { ...about, limit: 10, before: freezeIdFor(tenant, walletId, newKey()) },
    readEntries: { ...about, transactionId: "txn_X" },
    readAuthorizations: { ...about, endedBy: "capture", limit: 10, before: 5 },
    audit: about,
    readLegs: legsOf(debit.call),
    readClaims: claimsOf(debit.call),
    ...phasesOf(debit.call),
  };
}

async function wallets(): Promise<Subject[]> {
  const [used, other] = await Promise.all([openWallet(), openWallet()]);
  await submit(submission(funding(used, 10), keyInShard(otherShard)));
  const fresh = walletIdOfUser(userIdFor(tenant, newKey()));
  return [used, fresh].map((walletId) => ({
    object: walletObject(walletId),
    calls: walletCalls(walletId, other),
  }));
}

async function externalAccounts(): Promise<Subject[]> {
  const walletId = await openWallet();
  const sent = { ...funding(walletId, 1), ...details };
  const submitted = submission(sent, keyInShard(otherShard));
  await submit(submitted);
  const [used] = sidesOf(submitted);
  // A tenant that has nothing yet; the same reference lies in another shard of its own.
  const { provider = "", paymentReference = "" } = used.call.posting;
  const address = externalAddress("fresh", provider, paymentReference);
  const fresh = env.EXTERNAL_ACCOUNT.getByName(accountObjectName("fresh", address));
  const callsOf = (about: object) => {
    const leg = { ...used.call, ...about };
    const { posting: _, ...books } = leg;
    const readLegs = { ...books, transactionIds: [leg.posting.transactionId] };
    const readClaims = claimsOf(leg);
    return { readLegs, readClaims, books, audit: books, ...phasesOf(leg) };
  };
  return [
    { object: used.object, calls: callsOf({}) },
    { object: fresh, calls: callsOf({ tenant: "fresh", account: address.id }) },
  ];
}

function logCalls(walletId: string, key: string): Calls {
  const submitted = submission({ ...funding(walletId, 1), ...details }, key);
  const { id: transactionId, fingerprint } = submitted;
  const batch = batchOf(tenant, key, [funding(walletId, 1), funding(walletId, 2)], "USD");
  return {
    submitBatch: { ...call, principal: "test", batch },
    isUsed: { ...call, transactionId },
    submit: { ...call, principal: "test", submission: submitted },
    ask: { ...call, account: walletId, questions: [{ transactionId, fingerprint }] },
    find: { ...call, transactionId },
    unsettled: { ...call, createdUntil: 1 },
    legRecords: { ...call, account: walletId, transactionIds: [transactionId] },
    startScrub: { ...call, scrubId: scrubIdFor(tenant, newKey()), principal: "test" },
    scrubStatus: call,
  };
}

async function logs(): Promise<Subject[]> {
  const walletId = await openWallet();
  const submitted = submission(funding(walletId, 1), keyInShard(freshShard + 1));
  await submit(submitted);
  // A good read writes down that it is settled; what is compared from here on is junk's alone.
  await logStub(env, freshShard + 1).find({ ...call, transactionId: submitted.id });
  // And an alarm leaves the one of the next scrub behind.
  await runDurableObjectAlarm(logObject(submitted.id));
  const fresh = submission(funding(walletId, 1), keyInShard(freshShard));
  return [
    { object: logObject(submitted.id), calls: logCalls(walletId, keyInShard(freshShard + 1)) },
    { object: logObject(fresh.id), calls: logCalls(walletId, keyInShard(freshShard)) },
  ];
}

/** The first ring has a key; the next one of the sixteen has none. */
async function keyRings(): Promise<Subject[]> {
  const ids = Array.from({ length: 200 }, () => apiKeyIdFor(tenant, newKey()));
  const { protocol, requestId } = call;
  const subjects = [0, 1].map((shard) => {
    const keyId = ids.find((id) => keyShardOf(id) === shard);
    const request = { name: "test", scopes: ["ops:read"], expiresAt: Date.UTC(2100, 0) };
    const secretHash = "0".repeat(64);
    const create = { ...call, keyId, fingerprint: "fp1:0", request, secretHash, principal: "test" };
    return {
      object: env.KEY_RING.getByName(keyRingObjectName(shard)),
      calls: {
        create,
        lookUp: { protocol, requestId, keyId },
        list: { ...call, limit: 10, after: { createdAt: 1, id: keyId } },
        audit: { ...call, shard },
        revoke: { ...call, keyId, principal: "test" },
      },
    };
  });
  const [used] = subjects;
  if (used) await makeCalls(used.object, "create", [{ name: "create", call: used.calls.create }]);
  return subjects;
}

/** A used object and a fresh one of each class; what is new in src/index.ts has to be added. */
const makers: Readonly<Record<string, () => Promise<Subject[]>>> = {
  Wallet: wallets,
  ExternalAccount: externalAccounts,
  TransferLog: logs,
  KeyRing: keyRings,
};

/** Neither has a caller with an argument: the platform's alarm, and the canary's probe. */
const withoutArgument = ["alarm", "probe"];

const classes = Object.entries(worker).flatMap(([name, value]) =>
  typeof value === "function" && value.prototype instanceof DurableObject ? [[name, value]] : [],
) as (readonly [string, { readonly prototype: object }])[];

/** Good calls under another identity. */
function misledCalls(good: object): JunkCall[] {
  const others = [{ tenant: "other" }, { account: "wal_OTHER" }, { walletId: "wal_OTHER" }];
  return others
    .filter((other) => Object.keys(other).every((field) => field in good))
    .map((other) => ({ name: `as ${JSON.stringify(other)}`, call: { ...good, ...other } }));
}

/** A ring creates keys for all tenants, under ids that do not tell whose they are; and a log shard
 *  is scrubbed as a whole, whichever tenant's operator asks for it. */
function isForAnyTenant(className: string, method: string): boolean {
  return [className, method].join(".") === "KeyRing.create" || method === "startScrub";
}

/** Makes the calls inside the object, one after the other; returns those that did not throw. */
function makeCalls(object: DurableObjectStub, method: string, calls: readonly JunkCall[]) {
  return runInDurableObject(object, async (instance) => {
    const target = instance as unknown as Record<string, (call: unknown) => Promise<unknown>>;
    const answered: string[] = [];
    for (const junk of calls) {
      const failure = await failureOf(async () => target[method]?.(junk.call));
      if (failure === "") answered.push(junk.name);
    }
    return answered;
  });
}

const nothing = "{} alarm: null";
const stateOf = async (object: DurableObjectStub) =>
  `${await contentsOf(object)} alarm: ${await alarmOf(object)}`;

test("all classes of the Worker are looked at", () => {
  expect(classes.map(([name]) => name).toSorted()).toEqual(Object.keys(makers).toSorted());
});

describe.each(classes)("%s", async (name, { prototype }) => {
  const methods = Object.getOwnPropertyNames(prototype).filter((one) => one !== "constructor");
  const subjects = await (makers[name] ?? (async () => []))();

  test("has a good call for every method", () => {
    for (const { calls } of subjects) {
      const known = [...Object.keys(calls), ...withoutArgument];
      expect(methods.filter((method) => !known.includes(method))).toEqual([]);
    }
  });

  test.each(methods)("%s writes nothing of junk", async (method) => {
    const states = new Set<string>();
    for (const { object, calls } of subjects) {
      const before = await stateOf(object);
      states.add(before);
      const good = calls[method];
      const broken = good ? brokenCalls(good as Record<string, unknown>) : [];
      if (good && !isForAnyTenant(name, method)) broken.push(...misledCalls(good));
      const answered = await makeCalls(object, method, [...junkCalls, ...broken]);
      expect(await stateOf(object), `answered: ${answered.join(", ")}`).toBe(before);
    }
    expect(states).toContain(nothing);
  });

  test("and the good calls, from which the broken ones are made, are answered", async () => {
    for (const { object, calls } of subjects) {
      const before = await stateOf(object);
      for (const [method, good] of Object.entries(calls)) {
        const answered = await makeCalls(object, method, [{ name: method, call: good }]);
        expect(answered).toEqual([method]);
      }
      if (before === nothing) expect(await stateOf(object)).not.toBe(before);
    }
    expect(subjects.length).toBe(2);
  });
});
