// A log shard's production code on the storage of its own object, with accounts that a test plays
// and a clock that it moves: an order of events that real objects show by luck only.
import { runInDurableObject } from "cloudflare:test";
import type { Submission } from "../../src/domain/protocol/transaction.ts";
import type {
  AccountApi,
  ClaimsApi,
  ClaimsCall,
  LegCall,
  PostCall,
} from "../../src/durable-objects/account/contract.ts";
import type { SubmitResult } from "../../src/durable-objects/transfer-log/contract.ts";
import type { LegsApi } from "../../src/durable-objects/transfer-log/scrub-contract.ts";
import { TransferLogCore } from "../../src/durable-objects/transfer-log/core.ts";
import { transferLogMigrations } from "../../src/durable-objects/rpc/migrations.ts";
import type { LogLine } from "../../src/platform/log.ts";
import type { ObjectStorage } from "../../src/platform/storage.ts";
import { call } from "./caller.ts";
import { keyInShard } from "./keys.ts";
import { submission, transfer } from "./ledger.ts";
import { logObject } from "./stubs.ts";
import { ManualClock } from "./manual-clock.ts";

/** The accounts of every transfer on stage. */
export const sender = "wal_SENDER";
export const receiver = "wal_RECEIVER";

/** Lets everything happen that waits neither for time, nor for storage, nor for the test. */
export async function eventsHappen(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

/** Accounts that vote YES and acknowledge, until a test gives them another part. */
class PlayedAccounts implements AccountApi, ClaimsApi, LegsApi {
  /** What they were called for, such as `hold wal_SENDER`, in order. */
  readonly calls: string[] = [];
  /** Their posts, in order. */
  readonly posts: PostCall[] = [];
  onHold: AccountApi["hold"] = async () => ({ vote: "yes" });
  onPost: AccountApi["post"] = async () => ({ acknowledged: true });
  onRelease: AccountApi["release"] = async () => ({ acknowledged: true });
  onReadClaims: ClaimsApi["readClaims"] = async () => ({ posted: [], held: [] });

  hold(about: LegCall) {
    this.calls.push(`hold ${about.account}`);
    return this.onHold(about);
  }

  post(about: PostCall) {
    this.calls.push(`post ${about.account}`);
    this.posts.push(about);
    return this.onPost(about);
  }

  release(about: LegCall) {
    this.calls.push(`release ${about.account}`);
    return this.onRelease(about);
  }

  readClaims(about: ClaimsCall) {
    this.calls.push(`readClaims ${about.account}`);
    return this.onReadClaims(about);
  }

  readLegs: LegsApi["readLegs"] = async ({ transactionIds }) => ({
    ok: true,
    legs: transactionIds.map(() => ({ state: "none" })),
  });

  countOf(phase: "hold" | "post" | "release"): number {
    return this.calls.filter((one) => one.startsWith(phase)).length;
  }
}

export class StagedLog {
  readonly clock = new ManualClock();
  readonly accounts = new PlayedAccounts();
  readonly storage: DurableObjectStorage;
  readonly log: TransferLogCore;
  /** What every instance has logged, in order. */
  readonly logged: LogLine[] = [];
  /** Of these, what was logged as an error. */
  readonly errors: LogLine[] = [];
  readonly #first: Submission;
  #transfers = 0;

  constructor(storage: DurableObjectStorage, first: Submission) {
    this.storage = storage;
    this.#first = first;
    this.log = this.start();
  }

  /** A further instance on the same storage: what a crash leaves. */
  start(storage: ObjectStorage = this.storage): TransferLogCore {
    const { clock, accounts } = this;
    return new TransferLogCore({
      storage,
      clock,
      random: () => 0.5,
      accounts: () => accounts,
      log: (level, line) => {
        this.logged.push(line);
        if (level === "error") this.errors.push(line);
      },
      migrations: transferLogMigrations,
    });
  }

  /** One more transfer of this shard. A key for each would have to be searched for. */
  transfer(): Submission {
    const number = String(this.#transfers++).padStart(6, "0");
    return { ...this.#first, id: `${this.#first.id.slice(0, -number.length)}${number}` };
  }

  submit(submitted: Submission, log = this.log): Promise<SubmitResult> {
    return log.submit({ ...call, principal: "test", submission: submitted });
  }

  /** Submits, and returns the answer to come when the accounts have been called. */
  async begin(submitted: Submission): Promise<{ readonly answer: Promise<SubmitResult> }> {
    const before = this.accounts.calls.length;
    const answer = this.submit(submitted);
    while (this.accounts.calls.length === before) await this.storage.sync();
    return { answer };
  }

  stateOf({ id }: Submission): string {
    const found = this.log.reads.find({ ...call, transactionId: id });
    return found.ok ? found.transaction.state : "absent";
  }
}

/** Plays on one shard, which no other test of the file may use. */
export async function onStage(
  shard: number,
  play: (stage: StagedLog) => Promise<void>,
): Promise<void> {
  const first = submission(transfer(sender, receiver, 1), keyInShard(shard));
  await runInDurableObject(logObject(first.id), async (_instance, { storage }) => {
    await play(new StagedLog(storage, first));
    // The object itself knows nothing of these accounts, and shall not drive what is open.
    await storage.deleteAlarm();
  });
}
