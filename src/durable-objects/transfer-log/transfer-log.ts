// The Durable Object of one shard of the transfer log: a thin shell around TransferLogCore.
// Contract: contract.ts.
import { DurableObject } from "cloudflare:workers";
import { SharedTimer, systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import type { LegRecordsCall } from "../account/audit-contract.ts";
import { probeStorage } from "../rpc/canary.ts";
import type { Call, Probe } from "../rpc/contract.ts";
import type {
  AskCall,
  FindCall,
  SubmitBatchCall,
  SubmitCall,
  TransferLogApi,
  UnsettledCall,
} from "./contract.ts";
import {
  validateAsk,
  validateLegRecords,
  validateFind,
  validateSubmit,
  validateSubmitBatch,
  validateUnsettled,
} from "./validate.ts";
import { TransferLogCore } from "./core.ts";
import { transferLogMigrations } from "../rpc/migrations.ts";
import type { ScrubApi, StartScrubCall } from "./scrub-contract.ts";
import { validateScrubStatus, validateStartScrub } from "./scrub-validate.ts";
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
    return this.#log.submit(validateSubmit(call));
  }

  async submitBatch(call: SubmitBatchCall) {
    return this.#log.submitBatch(validateSubmitBatch(call));
  }

  async ask(call: AskCall) {
    return this.#log.reads.ask(validateAsk(call));
  }

  async find(call: FindCall) {
    return this.#log.reads.find(validateFind(call));
  }

  async isUsed(call: FindCall) {
    return this.#log.reads.isUsed(validateFind(call));
  }

  async unsettled(call: UnsettledCall) {
    return this.#log.reads.unsettled(validateUnsettled(call));
  }

  async legRecords(call: LegRecordsCall) {
    return this.#log.reads.legRecords(validateLegRecords(call));
  }

  async startScrub(call: StartScrubCall) {
    return this.#log.scrub.start(validateStartScrub(call));
  }

  async scrubStatus(call: Call) {
    return this.#log.scrub.status(validateScrubStatus(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }

  override async alarm() {
    await this.#log.alarmJobs.run();
  }
}
