// The Durable Object of one wallet: a thin shell around WalletAccount. What each method promises
// is in contract.ts.
import { DurableObject } from "cloudflare:workers";
import { systemClock } from "../../platform/clock.ts";
import { writeLog } from "../../platform/log.ts";
import { probeStorage } from "../rpc/canary.ts";
import type {
  FreezeCall,
  FreezesCall,
  HistoryCall,
  LegCall,
  OpenWalletCall,
  Probe,
  WalletApi,
  WalletCall,
} from "../rpc/contract.ts";
import {
  freezeDoor,
  freezesDoor,
  historyDoor,
  legDoor,
  openDoor,
  walletDoor,
} from "../rpc/validate.ts";
import { readLegs } from "../account/leg-readings.ts";
import { walletMigrations } from "../rpc/migrations.ts";
import type { LegsApi, LegsCall } from "../transfer-log/scrub-contract.ts";
import { legsDoor } from "../transfer-log/scrub-validate.ts";
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
    return this.#wallet.open(openDoor(call));
  }

  async profile(call: WalletCall) {
    return this.#wallet.profile(walletDoor(call));
  }

  async readBalance(call: WalletCall) {
    return this.#wallet.readBalance(walletDoor(call));
  }

  async readHistory(call: HistoryCall) {
    return this.#wallet.readHistory(historyDoor(call));
  }

  async freeze(call: FreezeCall) {
    return this.#wallet.freeze(freezeDoor(call));
  }

  async freezes(call: FreezesCall) {
    return this.#wallet.freezes(freezesDoor(call));
  }

  async audit(call: WalletCall) {
    return this.#wallet.audit(walletDoor(call));
  }

  async hold(call: LegCall) {
    return this.#wallet.account.hold(legDoor(call));
  }

  async post(call: LegCall) {
    return this.#wallet.account.post(legDoor(call));
  }

  async release(call: LegCall) {
    return this.#wallet.account.release(legDoor(call));
  }

  async readLegs(call: LegsCall) {
    return readLegs(this.#wallet.account, legsDoor(call));
  }

  async probe() {
    return probeStorage(this.ctx, systemClock);
  }
}
