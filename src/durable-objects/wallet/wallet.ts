// The Durable Object of one wallet: a thin shell around WalletAccount. What each method promises
// is in contract.ts.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import { probeStorage } from "../rpc/canary.ts";
import type { ClaimsCall, LegCall, PostCall } from "../account/contract.ts";
import type { Probe } from "../rpc/contract.ts";
import type {
  AuthorizationsCall,
  EntriesCall,
  FreezeCall,
  FreezesCall,
  HistoryCall,
  OpenWalletCall,
  WalletApi,
  WalletCall,
} from "./contract.ts";
import { validateClaims, validateLegCall, validatePost } from "../account/validate.ts";
import {
  validateAuthorizations,
  validateEntries,
  validateFreeze,
  validateFreezes,
  validateHistory,
  validateOpen,
  validateWalletCall,
} from "./validate.ts";
import { readClaims } from "../account/claim-readings.ts";
import { readLegs } from "../account/leg-readings.ts";
import { walletMigrations } from "../rpc/migrations.ts";
import type { LegsApi, LegsCall } from "../transfer-log/scrub-contract.ts";
import { validateLegs } from "../transfer-log/scrub-validate.ts";
import { logsOf } from "../rpc/stubs.ts";
import { WalletAccount } from "./core.ts";

export class Wallet extends DurableObject<Env> implements WalletApi, LegsApi, Probe {
  readonly #wallet: WalletAccount;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const ports = {
      objectName: ctx.id.name,
      storage: ctx.storage,
      clock: systemClock,
      logs: logsOf(env),
      log: writeLog,
    };
    this.#wallet = new WalletAccount(ports, walletMigrations);
  }

  async open(call: OpenWalletCall) {
    return this.#wallet.open(validateOpen(call));
  }

  async profile(call: WalletCall) {
    return this.#wallet.profile(validateWalletCall(call));
  }

  async readBalance(call: WalletCall) {
    return this.#wallet.readBalance(validateWalletCall(call));
  }

  async readHistory(call: HistoryCall) {
    return this.#wallet.readHistory(validateHistory(call));
  }

  async readAuthorizations(call: AuthorizationsCall) {
    return this.#wallet.readAuthorizations(validateAuthorizations(call));
  }

  async readEntries(call: EntriesCall) {
    return this.#wallet.readEntries(validateEntries(call));
  }

  async freeze(call: FreezeCall) {
    return this.#wallet.freeze(validateFreeze(call));
  }

  async freezes(call: FreezesCall) {
    return this.#wallet.freezes(validateFreezes(call));
  }

  async audit(call: WalletCall) {
    return this.#wallet.audit(validateWalletCall(call));
  }

  async hold(call: LegCall) {
    return this.#wallet.account.hold(validateLegCall(call));
  }

  async post(call: PostCall) {
    return this.#wallet.account.post(validatePost(call));
  }

  async release(call: LegCall) {
    return this.#wallet.account.release(validateLegCall(call));
  }

  async readClaims(call: ClaimsCall) {
    return readClaims(this.#wallet.account, validateClaims(call));
  }

  async readLegs(call: LegsCall) {
    return readLegs(this.#wallet.account, validateLegs(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
