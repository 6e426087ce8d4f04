// An account's production code on the storage of its own object, with transfer logs that a test
// plays, and a disk whose `sync` it lets go: an order of events that real objects show by luck only.
import { runInDurableObject } from "cloudflare:test";
import type { Account } from "../../src/durable-objects/account/core.ts";
import type { LegRecords } from "../../src/durable-objects/account/audit-contract.ts";
import type { LegCall, PostCall } from "../../src/durable-objects/account/contract.ts";
import type {
  Answer,
  AskCall,
  AskResult,
} from "../../src/durable-objects/transfer-log/contract.ts";
import { createExternalAccount } from "../../src/durable-objects/external-account/core.ts";
import {
  externalAccountMigrations,
  walletMigrations,
} from "../../src/durable-objects/rpc/migrations.ts";
import { WalletAccount } from "../../src/durable-objects/wallet/core.ts";
import type { ObjectStorage } from "../../src/platform/storage.ts";
import { ManualClock } from "./manual-clock.ts";

/** A question that an account asked, and that the test has to answer. */
interface OpenAsk {
  readonly protocol: number;
  readonly transactionIds: readonly string[];
  readonly answer: (answerTo: (transactionId: string) => Answer) => void;
  readonly fail: () => void;
}

class PlayedLogs {
  readonly asks: OpenAsk[] = [];
  /** What every reading of records answers; undefined: it fails. */
  records: LegRecords | undefined;

  ask({ protocol, questions }: AskCall): Promise<AskResult> {
    const { promise, resolve, reject } = Promise.withResolvers<AskResult>();
    const transactionIds = questions.map(({ transactionId }) => transactionId);
    this.asks.push({
      protocol,
      transactionIds,
      answer: (answerTo) => resolve({ ok: true, answers: transactionIds.map(answerTo) }),
      fail: () => reject(new Error("no answer")),
    });
    return promise;
  }

  async legRecords(): Promise<LegRecords> {
    if (!this.records) throw new Error("no answer");
    return this.records;
  }

  /** The ask with this number, from 0. */
  at(index: number): OpenAsk {
    const ask = this.asks[index];
    if (!ask) throw new Error(`there were ${this.asks.length} asks`);
    return ask;
  }
}

export const undecided = (): Answer => ({ decision: "undecided" });
export const rejected =
  ({ posting }: LegCall) =>
  (): Answer => ({ decision: "reject", posting });
export const committed =
  ({ posting, decidedAt }: PostCall) =>
  (): Answer => ({ decision: "commit", posting, decidedAt });

export class StagedAccount {
  readonly clock = new ManualClock();
  readonly logs = new PlayedLogs();
  /** How each `sync` that was called goes on, and how often that was. */
  readonly syncs: { readonly done: () => void; readonly fail: (error: Error) => void }[] = [];
  /** Set: `sync` throws at once. */
  brokenSync: Error | undefined;
  readonly account: Account;

  constructor(storage: DurableObjectStorage, kind: "wallet" | "external-account") {
    const { clock } = this;
    const logs = () => this.logs as never;
    const parts = { storage: this.#watch(storage), clock, logs, log: () => {} };
    this.account =
      kind === "wallet"
        ? new WalletAccount(parts, walletMigrations).account
        : createExternalAccount(parts, externalAccountMigrations);
  }

  #watch(storage: DurableObjectStorage): ObjectStorage {
    const sync = () => {
      if (this.brokenSync) throw this.brokenSync;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      this.syncs.push({ done: resolve, fail: reject });
      return promise;
    };
    return {
      sql: storage.sql,
      transactionSync: (body) => storage.transactionSync(body),
      sync,
      getAlarm: () => storage.getAlarm(),
      setAlarm: (time) => storage.setAlarm(time),
    };
  }
}

export function onAccountStage(
  object: DurableObjectStub,
  kind: "wallet" | "external-account",
  play: (stage: StagedAccount) => Promise<void>,
): Promise<void> {
  return runInDurableObject(object, (_instance, { storage }) =>
    play(new StagedAccount(storage, kind)),
  );
}
