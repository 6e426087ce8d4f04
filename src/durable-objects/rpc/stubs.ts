// Calls from one object, or from the edge, to another: stubs, time limits, retries, and the meaning
// of a failed call. Every call in contract.ts may be repeated, so one whose outcome is unknown is
// made again.
import { isYoung } from "../../domain/protocol/clock-steps.ts";
import {
  accountObjectName,
  keyRingObjectName,
  logObjectName,
  walletAddress,
  type AccountAddress,
} from "../../domain/ids.ts";
import { callMaxMs } from "../../domain/limits.ts";
import { systemClock, timedOut, withTimeout, type Clock } from "../../platform/clock.ts";
import type { BooksApi } from "../external-account/books-contract.ts";
import type { AccountApi, ClaimsApi } from "../account/contract.ts";
import type { ExternalAccountApi } from "../external-account/contract.ts";
import type { Probe } from "./contract.ts";
import type { TransferLogApi } from "../transfer-log/contract.ts";
import type { WalletApi } from "../wallet/contract.ts";
import type { KeyRingApi } from "../key-ring/contract.ts";
import type { LegsApi, ScrubApi } from "../transfer-log/scrub-contract.ts";

/** The object of each class that answers health checks and holds no money. */
export const canaryName = "canary";

/** A call that brought no answer. `overloaded`: the object or the platform asks for less load.
 *  `unreachable`: it may or may not have happened. `broken`: the object threw; a bug. */
export class CallFailed extends Error {
  readonly failure: "overloaded" | "unreachable" | "broken";

  constructor(failure: CallFailed["failure"], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = `CallFailed(${failure})`;
    this.failure = failure;
  }
}

function classify(error: unknown): CallFailed {
  if (error instanceof CallFailed) return error;
  const flags = (error ?? {}) as { overloaded?: boolean; remote?: boolean; retryable?: boolean };
  if (flags.overloaded) return new CallFailed("overloaded", error);
  if (flags.remote && !flags.retryable) return new CallFailed("broken", error);
  return new CallFailed("unreachable", error);
}

/** One call through a fresh stub: a stub that has failed may keep failing. Throws CallFailed. */
async function callOnce<T>(
  call: () => Promise<T>,
  limitMs: number,
  clock: Clock = systemClock,
): Promise<T> {
  try {
    const answer = await withTimeout(clock, call(), limitMs);
    if (answer !== timedOut) return answer;
  } catch (error) {
    throw classify(error);
  }
  throw new CallFailed("unreachable", `no answer within ${limitMs} ms`);
}

/** How long the edge waits for an object, repeats included, in ms: a submission may take 5 s. */
const edgeWaitMaxMs = 2 * callMaxMs;

/** A call from the edge. Repeats an unreachable object twice at once, then throws CallFailed. */
export async function callFromEdge<T>(
  call: () => Promise<T>,
  waitMaxMs: number = edgeWaitMaxMs,
): Promise<T> {
  const startedAt = systemClock.now();
  for (let repeats = 2; ; repeats--) {
    try {
      return await callOnce(call, waitMaxMs - (systemClock.now() - startedAt));
    } catch (error) {
      const unreachable = error instanceof CallFailed && error.failure === "unreachable";
      // Not where the clock was put back meanwhile: how much time is left is not known.
      const hasTime = isYoung(startedAt, systemClock.now(), waitMaxMs);
      if (!unreachable || repeats === 0 || !hasTime) throw error;
    }
  }
}

export function walletStub(env: Env, tenant: string, walletId: string): WalletApi {
  return env.WALLET.getByName(accountObjectName(tenant, walletAddress(walletId)));
}

export function externalAccountStub(
  env: Env,
  tenant: string,
  account: string,
): ExternalAccountApi & BooksApi {
  const address = { class: "external-account", id: account } as const;
  return env.EXTERNAL_ACCOUNT.getByName(accountObjectName(tenant, address));
}

export function claimsStub(env: Env, tenant: string, address: AccountAddress): ClaimsApi {
  const objects = address.class === "wallet" ? env.WALLET : env.EXTERNAL_ACCOUNT;
  return objects.getByName(accountObjectName(tenant, address));
}

export function logStub(env: Env, shard: number): TransferLogApi & ScrubApi {
  return env.TRANSFER_LOG.getByName(logObjectName(shard));
}

export function keyRingStub(env: Env, shard: number): KeyRingApi {
  return env.KEY_RING.getByName(keyRingObjectName(shard));
}

export function canaryStubs(env: Env): Readonly<Record<string, Probe>> {
  return {
    wallet: env.WALLET.getByName(canaryName),
    externalAccount: env.EXTERNAL_ACCOUNT.getByName(canaryName),
    transferLog: env.TRANSFER_LOG.getByName(canaryName),
    keyRing: env.KEY_RING.getByName(canaryName),
  };
}

/** The accounts, as the transfer log reaches them. Calls throw CallFailed. */
type Account = AccountApi & ClaimsApi & LegsApi;
export type Accounts = (tenant: string, address: AccountAddress) => Account;

export function accountsOf(env: Env, clock?: Clock): Accounts {
  return (tenant, address) => {
    const objects = address.class === "wallet" ? env.WALLET : env.EXTERNAL_ACCOUNT;
    const name = accountObjectName(tenant, address);
    const stub = (): Account => objects.getByName(name);
    return {
      hold: (call) => callOnce(() => stub().hold(call), callMaxMs, clock),
      post: (call) => callOnce(() => stub().post(call), callMaxMs, clock),
      release: (call) => callOnce(() => stub().release(call), callMaxMs, clock),
      readClaims: (call) => callOnce(() => stub().readClaims(call), callMaxMs, clock),
      readLegs: (call) => callOnce(() => stub().readLegs(call), callMaxMs, clock),
    };
  };
}

/** The log shards, as accounts reach them to ask what was decided. Calls throw CallFailed. */
export type Logs = (shard: number) => Pick<TransferLogApi, "ask" | "legRecords">;

export function logsOf(env: Env): Logs {
  return (shard) => ({
    ask: (call) => callOnce(() => logStub(env, shard).ask(call), callMaxMs),
    legRecords: (call) => callOnce(() => logStub(env, shard).legRecords(call), callMaxMs),
  });
}
