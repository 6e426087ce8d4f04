// Guarantee: what a failed call means is told apart by the platform's own flags, and calls are
// bounded: the edge repeats only an unreachable object, twice at most and within its time.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { walletAddress } from "../../../src/domain/ids.ts";
import { callMaxMs } from "../../../src/domain/limits.ts";
import type { PostCall } from "../../../src/durable-objects/account/contract.ts";
import type { AskCall } from "../../../src/durable-objects/transfer-log/contract.ts";
import {
  accountsOf,
  callFromEdge,
  CallFailed,
  logsOf,
} from "../../../src/durable-objects/rpc/stubs.ts";
import { call } from "../../support/caller.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => {});

function thrown(flags: object): Error {
  return Object.assign(new Error("from the platform"), flags);
}

/** What the runtime's errors look like, and what they mean. */
const errors: Readonly<Record<CallFailed["failure"], Readonly<Record<string, unknown>>>> = {
  overloaded: {
    "an object with too much to do": thrown({ overloaded: true, remote: true }),
    "an overload that calls itself retryable": thrown({ overloaded: true, retryable: true }),
  },
  unreachable: {
    "an object that was reset": thrown({ retryable: true, remote: true }),
    "a lost connection": thrown({ retryable: true }),
    "an error of this side": thrown({}),
    "something that is no error": "gone",
    "nothing at all": undefined,
  },
  broken: {
    "an object that threw": thrown({ remote: true }),
    "an object that threw, flags spelled out": thrown({ remote: true, retryable: false }),
  },
};

const cases = Object.entries(errors).flatMap(([failure, kinds]) =>
  Object.entries(kinds).map(([name, error]) => ({ failure, name, error })),
);

/** How a promise ended, whenever that is. */
async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    return error instanceof CallFailed ? error.failure : "another error";
  }
}

describe("a call from the edge", () => {
  it.each(cases)("takes $name for $failure", async ({ failure, error }) => {
    const attempt = vi.fn<() => Promise<never>>(() => Promise.reject(error));
    expect(await failureOf(callFromEdge(attempt))).toBe(failure);
    expect(attempt).toHaveBeenCalledTimes(failure === "unreachable" ? 3 : 1);
  });

  it("says what the platform said", async () => {
    const error = thrown({ remote: true });
    await expect(callFromEdge(() => Promise.reject(error))).rejects.toThrow("from the platform");
  });

  it("is answered by the repeat that gets through", async () => {
    const attempt = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(thrown({ retryable: true }))
      .mockRejectedValueOnce(thrown({ retryable: true }))
      .mockResolvedValue("answer");
    expect(await callFromEdge(attempt)).toBe("answer");
    expect(attempt).toHaveBeenCalledTimes(3);
  });

  it("stops repeating at an overload", async () => {
    const attempt = vi
      .fn<() => Promise<string>>()
      .mockRejectedValueOnce(thrown({ retryable: true }))
      .mockRejectedValueOnce(thrown({ overloaded: true }))
      .mockResolvedValue("answer");
    expect(await failureOf(callFromEdge(attempt))).toBe("overloaded");
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it("of an object that never answers ends with its time, and is not repeated then", async () => {
    const attempt = vi.fn<() => Promise<never>>(never);
    const startedAt = Date.now();
    const failure = failureOf(callFromEdge(attempt, 700));
    await vi.advanceTimersByTimeAsync(699);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failure).toBe("unreachable");
    expect(Date.now() - startedAt).toBe(700);
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it("shares its time among the repeats", async () => {
    const attempt = vi.fn<() => Promise<never>>(
      () =>
        new Promise<never>((_, reject) => {
          setTimeout(() => reject(thrown({ retryable: true })), 400);
        }),
    );
    const startedAt = Date.now();
    const ended = failureOf(callFromEdge(attempt, 700)).then((failure) => ({
      failure,
      tookMs: Date.now() - startedAt,
    }));
    await vi.runAllTimersAsync();
    // 400 ms of the first call, then 300 of the second: the third is never made.
    expect(await ended).toEqual({ failure: "unreachable", tookMs: 700 });
    expect(attempt).toHaveBeenCalledTimes(2);
  });

  it.each([-3_600_000, 3_600_000])(
    "is not prolonged by a clock that steps by %i ms",
    async (by) => {
      const attempt = vi.fn<() => Promise<never>>(never).mockImplementationOnce(async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        vi.setSystemTime(Date.now() + by);
        throw thrown({ retryable: true });
      });
      const ended = failureOf(callFromEdge(attempt, 700));
      await vi.advanceTimersByTimeAsync(800);
      expect(vi.getTimerCount()).toBe(0);
      expect(await ended).toBe("unreachable");
    },
  );

  it("waits for a submission, which may take 5 s, and leaves no timer behind", async () => {
    const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 5_200, "answer"));
    const answer = callFromEdge(slow);
    await vi.advanceTimersByTimeAsync(5_200);
    expect(await answer).toBe("answer");
    expect(vi.getTimerCount()).toBe(0);
  });
});

/** An environment in which every stub's every method does what `behave` does. */
function environment(behave: () => Promise<unknown>): { env: Env; stubs: () => number } {
  const method = () => behave();
  const methods = { hold: method, post: method, release: method, ask: method };
  const getByName = vi.fn<() => object>(() => ({ ...methods, legRecords: method }));
  const namespace = { getByName };
  const bindings = { WALLET: namespace, EXTERNAL_ACCOUNT: namespace, TRANSFER_LOG: namespace };
  return { env: bindings as unknown as Env, stubs: () => getByName.mock.calls.length };
}

const about = {} as PostCall;
const asked: AskCall = { ...call, account: "wal_X", questions: [] };

/** Every call that one object makes to another. */
const calls: Readonly<Record<string, (env: Env) => Promise<unknown>>> = {
  hold: (env) => accountsOf(env)("main", walletAddress("wal_X")).hold(about),
  post: (env) => accountsOf(env)("main", walletAddress("wal_X")).post(about),
  release: (env) => accountsOf(env)("main", walletAddress("wal_X")).release(about),
  ask: (env) => logsOf(env)(7).ask(asked),
  legRecords: (env) => logsOf(env)(7).legRecords({ ...asked, transactionIds: [] }),
};

describe.each(Object.entries(calls))("%s, from one object to another", (_, make) => {
  it.each(cases)(
    "takes $name for $failure, and leaves the repeating to its caller",
    async (row) => {
      const { env, stubs } = environment(() => Promise.reject(row.error));
      expect(await failureOf(make(env))).toBe(row.failure);
      expect(stubs()).toBe(1);
    },
  );

  it("is given up after 5 s without an answer", async () => {
    const failure = failureOf(make(environment(never).env));
    await vi.advanceTimersByTimeAsync(callMaxMs - 1);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failure).toBe("unreachable");
  });

  it("is made through a fresh stub each time: one that failed may keep failing", async () => {
    const { env, stubs } = environment(() => Promise.reject(thrown({ retryable: true })));
    for (let round = 0; round < 3; round++) await failureOf(make(env));
    expect(stubs()).toBe(3);
  });
});
