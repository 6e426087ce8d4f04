// The Durable Object of one wallet: a thin shell around WalletAccount. What each method promises
// is in contract.ts.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../platform/clock.ts";
import { writeLog } from "../platform/log.ts";
import { probeStorage } from "./canary.ts";
import type {
  FreezeCall,
  HistoryCall,
  LegCall,
  OpenWalletCall,
  Probe,
  WalletApi,
  WalletCall,
} from "./contract.ts";
import { walletMigrations } from "./schema.ts";
import { logsOf } from "./stubs.ts";
import { WalletAccount } from "./wallet-account.ts";

export class Wallet extends DurableObject<Env> implements WalletApi, Probe {
  readonly #wallet: WalletAccount;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const parts = { storage: ctx.storage, clock: systemClock, logs: logsOf(env), log: writeLog };
    this.#wallet = new WalletAccount(parts, walletMigrations);
  }

  async open(call: OpenWalletCall) {
    return this.#wallet.open(call);
  }

  async profile(call: WalletCall) {
    return this.#wallet.profile(call);
  }

  async readBalance(call: WalletCall) {
    return this.#wallet.readBalance(call);
  }

  async readHistory(call: HistoryCall) {
    return this.#wallet.readHistory(call);
  }

  async freeze(call: FreezeCall) {
    return this.#wallet.freeze(call);
  }

  async freezes(call: WalletCall) {
    return this.#wallet.freezes(call);
  }

  async audit(call: WalletCall) {
    return this.#wallet.audit(call);
  }

  async hold(call: LegCall) {
    return this.#wallet.account.hold(call);
  }

  async post(call: LegCall) {
    return this.#wallet.account.post(call);
  }

  async release(call: LegCall) {
    return this.#wallet.account.release(call);
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
