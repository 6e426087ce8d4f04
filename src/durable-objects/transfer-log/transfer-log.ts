// The Durable Object of one shard of the transfer log: a thin shell around TransferLogCore.
// Contract: contract.ts.
import { DurableObject } from "cloudflare:workers";
import { SharedTimer, systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import type { LegRecordsCall } from "../account/audit-contract.ts";
import { probeStorage } from "../rpc/canary.ts";
import type {
  AskCall,
  Call,
  FindCall,
  Probe,
  SubmitCall,
  TransferLogApi,
  UnsettledCall,
} from "../rpc/contract.ts";
import { askDoor, legRecordsDoor, findDoor, submitDoor, unsettledDoor } from "../rpc/validate.ts";
import { TransferLogCore } from "./core.ts";
import { transferLogMigrations } from "../rpc/migrations.ts";
import type { ScrubApi, StartScrubCall } from "./scrub-contract.ts";
import { scrubStatusDoor, startScrubDoor } from "./scrub-validate.ts";
import { accountsOf } from "../rpc/stubs.ts";

export class TransferLog extends DurableObject<Env> implements TransferLogApi, ScrubApi, Probe {
  readonly #log: TransferLogCore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const clock = new SharedTimer(systemClock);
    this.#log = new TransferLogCore({
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock,
      random: Math.random,
      accounts: accountsOf(env, clock),
      log: writeLog,
      migrations: transferLogMigrations,
    });
    void ctx.blockConcurrencyWhile(() => this.#log.alarmJobs.recover());
  }

  async submit(call: SubmitCall) {
    return this.#log.submit(submitDoor(call));
  }

  async ask(call: AskCall) {
    return this.#log.reads.ask(askDoor(call));
  }

  async find(call: FindCall) {
    return this.#log.reads.find(findDoor(call));
  }

  async unsettled(call: UnsettledCall) {
    return this.#log.reads.unsettled(unsettledDoor(call));
  }

  async legRecords(call: LegRecordsCall) {
    return this.#log.reads.legRecords(legRecordsDoor(call));
  }

  async startScrub(call: StartScrubCall) {
    return this.#log.scrub.start(startScrubDoor(call));
  }

  async scrubStatus(call: Call) {
    return this.#log.scrub.status(scrubStatusDoor(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }

  override async alarm() {
    await this.#log.alarmJobs.run();
  }
}
