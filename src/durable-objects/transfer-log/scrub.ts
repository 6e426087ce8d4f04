// The scrub of one log shard: a job of its alarm that goes through the shard's transactions, batch
// by batch, and asks the accounts whether they have what was decided. Its cursor and what it finds
// are durable. It changes no transaction and no account.
import { placeInShard } from "../../domain/ids.ts";
import {
  scrubBatchMax,
  scrubDifferencesShownMax,
  scrubExpirationsMax,
} from "../../domain/limits.ts";
import {
  beginBatch,
  endBatch,
  firstScrub,
  hurry,
  scrubDueAt,
  type BegunBatch,
} from "../../domain/protocol/scrub.ts";
import type { Clock } from "../../platform/clock.ts";
import { workLog, type Log, type WorkLog } from "../../platform/log.ts";
import type { Migration, Schema } from "../../platform/migrations.ts";
import { differingDeclaration } from "../../platform/schema-comparison.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import type { SettledNotes } from "./settled-notes.ts";
import type { AlarmClock, AlarmJob } from "../alarm-clock.ts";
import { isReplay, type Call } from "../rpc/contract.ts";
import { requestId, ScrubBatch, type ScrubFinding } from "./scrub-batch.ts";
import type { ScrubStatus, StartScrubCall, StartScrubResult } from "./scrub-contract.ts";
import { ScrubStore, type ReadTransaction } from "./scrub-store.ts";
import type { Accounts } from "../rpc/stubs.ts";
import type { TransferLogStore } from "./store.ts";

interface LogScrubParts {
  readonly storage: ObjectStorage;
  readonly schema: Schema;
  readonly migrations: readonly Migration[];
  readonly store: TransferLogStore;
  readonly alarm: AlarmClock;
  readonly notes: SettledNotes;
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly log: Log;
}

export class LogScrub implements AlarmJob {
  readonly name = "scrub";
  readonly #parts: LogScrubParts;
  readonly #store: ScrubStore;
  readonly #log: WorkLog;

  constructor(parts: LogScrubParts) {
    this.#parts = parts;
    this.#store = new ScrubStore(parts.storage);
    this.#log = workLog(parts.log, requestId);
  }

  /** With the shard's first transaction, in its sql transaction; and, for a shard that is older
   *  than its scrub, when an instance starts. */
  plan(): void {
    if (!this.#store.progress()) this.#store.save(firstScrub(this.#parts.clock.now()));
  }

  dueAt(): number | undefined {
    const progress = this.#store.progress();
    return progress && scrubDueAt(progress, this.#parts.clock.now());
  }

  /** One batch, if it is due. That it has begun is written, with the alarm of the next one, before
   *  any account is asked. */
  async run(): Promise<void> {
    const { alarm, clock, notes } = this.#parts;
    const now = clock.now();
    const progress = this.#store.progress();
    if (!progress || scrubDueAt(progress, now) > now) return;
    const begun = beginBatch(progress, now);
    await alarm.armWith(() => {
      this.#store.save(begun);
      return { result: undefined, alarmAt: begun.nextAt };
    });
    notes.flush();
    const rows = this.#store.transactionsAfter(begun.cursor, scrubBatchMax);
    const batch = new ScrubBatch(rows, { ...this.#parts, log: this.#log });
    await batch.run();
    if (begun.cursor === "") batch.findings.push(...this.#findInTables(rows));
    this.#end(begun, batch, rows.length < scrubBatchMax ? null : (rows.at(-1)?.id ?? null));
  }

  /** Once a round. What belongs to no transaction is found under the tenant of the first. */
  #findInTables([first]: readonly ReadTransaction[]): ScrubFinding[] {
    if (!first) return [];
    const { storage, migrations } = this.#parts;
    const isSchemaRight = differingDeclaration(storage, migrations) === undefined;
    // A trigger that is gone guards none of them.
    const bySchema = isSchemaRight ? [] : [{ kind: "wrong_schema", id: first.id } as const];
    const wrong = this.#store.wrongExpirations(scrubExpirationsMax);
    const byTime = wrong.map((one) => ({ kind: "wrong_expiration", ...one }) as const);
    return [...bySchema, ...byTime].map(({ id: transactionId, ...found }) => ({
      tenant: first.tenant,
      transactionId,
      account: "",
      ...found,
    }));
  }

  /** What was found counts only for a transaction that is still as it was when it was compared. */
  #end(begun: BegunBatch, batch: ScrubBatch, last: string | null): void {
    const { storage, clock, store } = this.#parts;
    const findings = batch.findings.filter(({ seen, transactionId }) => {
      const now = seen && store.find(transactionId);
      return !now || (now.state === seen.state && now.settledAt === seen.settledAt);
    });
    storage.transactionSync(() => {
      const now = clock.now();
      for (const finding of findings) this.#store.noteDifference(finding, begun.round, now);
      const { transactions, unasked } = batch;
      this.#store.save(endBatch(begun, { last, transactions, unasked }, now));
    });
    for (const finding of findings) this.#report(finding);
  }

  #report({ transactionId, account, kind }: ScrubFinding): void {
    const about = account === "" ? { transactionId } : { transactionId, account };
    this.#log("error", { event: "integrity_fault", ...about, detail: `scrub: ${kind}` });
  }

  /** ScrubApi.startScrub. */
  async start(command: StartScrubCall): Promise<StartScrubResult> {
    const { schema, alarm, clock } = this.#parts;
    if (!schema.exists()) return "empty";
    return alarm.armWith((): { result: StartScrubResult; alarmAt?: number } => {
      const known = this.#store.request(command.scrubId);
      if (known) {
        return { result: isReplay(command.nonce, known.nonce ?? undefined) ? "known" : "started" };
      }
      const now = clock.now();
      const progress = hurry(this.#store.progress() ?? firstScrub(now), now);
      this.#store.insertRequest(command, now);
      this.#store.save(progress);
      return { result: "started", alarmAt: progress.nextAt };
    });
  }

  /** ScrubApi.scrubStatus. */
  status({ tenant }: Call): ScrubStatus | null {
    const progress = this.#parts.schema.exists() ? this.#store.progress() : undefined;
    if (!progress) return null;
    const { cursor, startedAt, endedAt, nextAt, skipped } = progress;
    return {
      running: cursor !== null,
      progress: cursor === null ? 1 : placeInShard(cursor),
      startedAt,
      endedAt,
      nextAt,
      incomplete: skipped > 0,
      differences: this.#store.differences(tenant, scrubDifferencesShownMax),
      differenceCount: this.#store.countDifferences(tenant),
    };
  }
}
