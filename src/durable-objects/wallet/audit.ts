// The checks of a wallet's audit beyond its chain and its legs: the balance never went below zero,
// every checkpoint is the sum of its entries, and owner and freezes match their fingerprints. Reads
// only.
import type { Entry } from "../../domain/ledger/entry.ts";
import { fingerprintFreeze, fingerprintUser } from "../../domain/fingerprint.ts";
import { isFreezeId, walletAddress } from "../../domain/ids.ts";
import { addNet, hasHeadroom, signed, type Net } from "../../domain/ledger/money.ts";
import { currentRenderer } from "../../domain/protocol/transaction.ts";
import type { Metadata } from "../../domain/text.ts";
import type { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";
import { AccountAudit, rowsPerTurn, type AuditRules, type Difference } from "../account/audit.ts";
import type { AuditReport } from "../account/audit-contract.ts";
import {
  AuditStore,
  parseCanonical,
  type AuditedFreeze,
  type AuditedOwner,
  type StoredIdentity,
} from "../account/audit-store.ts";
import type { WalletCall } from "./contract.ts";

/** Identity and owner are written in one turn: how far two readings of the clock may be apart, in
 *  ms. */
const openingMaxMs = 1_000;

class WalletRules implements AuditRules {
  readonly shards = null;
  readonly #store: AuditStore;
  #net: Net = {};
  #checkpoints = new Map<number, Net | undefined>();
  #loadedUpTo = 0;
  checkpoints = 0;
  freezes = 0;

  constructor(store: AuditStore) {
    this.#store = store;
  }

  checkEntry(entry: Entry): Difference {
    const difference = this.#checkSum(entry);
    if (difference) return difference;
    this.#net = addNet(this.#net, { [entry.currency]: signed(entry.direction, entry.amount) });
    return this.#checkCheckpoint(entry.sequence);
  }

  /** Whether the entry keeps the balance from 0 to the largest amount. */
  #checkSum({ sequence, transactionId, direction, amount, currency }: Entry): Difference {
    const before = this.#net[currency] ?? 0;
    if (direction === "debit") {
      return amount <= before ? undefined : { kind: "negative_balance", sequence, transactionId };
    }
    if (hasHeadroom(before, 0, amount)) return undefined;
    return { kind: "balance_limit_exceeded", sequence, transactionId };
  }

  #checkCheckpoint(sequence: number): Difference {
    if (sequence > this.#loadedUpTo) {
      this.#loadedUpTo = sequence + rowsPerTurn;
      this.#checkpoints = this.#store.checkpoints(sequence - 1, this.#loadedUpTo);
    }
    if (!this.#checkpoints.has(sequence)) return undefined;
    const checkpoint = this.#checkpoints.get(sequence);
    this.checkpoints += 1;
    const currencies = new Set([...Object.keys(checkpoint ?? {}), ...Object.keys(this.#net)]);
    const isSum = [...currencies].every((one) => checkpoint?.[one] === this.#net[one]);
    return isSum ? undefined : { kind: "wrong_checkpoint", sequence };
  }

  async checkRecords(
    { openedAt }: StoredIdentity,
    letOthersIn: () => Promise<void>,
  ): Promise<Difference> {
    const sequence = this.#store.strayCheckpoint();
    if (sequence !== undefined) return { kind: "wrong_checkpoint", sequence };
    const field = differingInOwner(this.#store.owner(), openedAt);
    if (field) return { kind: "wrong_owner", field };
    return this.#checkFreezes(letOthersIn);
  }

  async #checkFreezes(letOthersIn: () => Promise<void>): Promise<Difference> {
    for (let turn = this.#store.freezesAfter(0, rowsPerTurn); turn.length > 0;) {
      for (const freeze of turn) {
        this.freezes += 1;
        const field = differingInFreeze(freeze, this.freezes);
        if (field) return { kind: "wrong_freeze", sequence: this.freezes, field };
      }
      if (turn.length < rowsPerTurn) return undefined;
      await letOthersIn();
      turn = this.#store.freezesAfter(this.freezes, rowsPerTurn);
    }
    return undefined;
  }

  checkLeg(): Difference {
    return undefined;
  }
}

function isRenderer(renderer: number | null): boolean {
  return renderer !== null && renderer >= 1 && renderer <= currentRenderer;
}

/** The difference between the record of the opening and its fingerprint, if there is one. */
function differingInOwner(owner: AuditedOwner | undefined, openedAt: number): string | undefined {
  if (!owner) return "owner";
  const { fingerprint, name, email, metadata, renderer, createdAt } = owner;
  const pairs = metadata === null ? undefined : (parseCanonical(metadata) as Metadata | undefined);
  if (metadata !== null && pairs === undefined) return "metadata";
  const profile = { name, ...(email !== null && { email }), ...(pairs && { metadata: pairs }) };
  if (fingerprintUser(profile) !== fingerprint) return "fingerprint";
  if (!isRenderer(renderer)) return "renderer";
  const delay = createdAt - openedAt;
  return delay >= 0 && delay <= openingMaxMs ? undefined : "createdAt";
}

/** The difference between the freeze or thaw number `index` and its fingerprint, if any. */
function differingInFreeze(freeze: AuditedFreeze, index: number): string | undefined {
  const { id, frozen, freezeId, fingerprint, reason, principal, renderer } = freeze;
  if (id !== index) return "id";
  if (freezeId === null || !isFreezeId(freezeId)) return "freezeId";
  if (frozen !== 0 && frozen !== 1) return "frozen";
  const act = { frozen: frozen === 1, reason: reason ?? "" };
  if (reason === null || fingerprintFreeze(act) !== fingerprint) return "fingerprint";
  if (principal === null || principal === "") return "principal";
  return isRenderer(renderer) ? undefined : "renderer";
}

export async function auditWallet(
  account: Account,
  ports: AccountPorts,
  call: WalletCall,
): Promise<AuditReport> {
  const store = new AuditStore(ports.storage);
  const rules = new WalletRules(store);
  const audit = new AccountAudit(account, store, ports, call, walletAddress(call.walletId));
  const difference = await audit.run(rules);
  const { head, holds, transactions, unreachableShards } = audit;
  const { checkpoints, freezes } = rules;
  const checked = { entries: head.sequence, checkpoints, holds, freezes, transactions };
  return { ok: true, head, checked, ...(difference && { difference }), unreachableShards };
}
