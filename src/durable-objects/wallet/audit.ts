// The checks of a wallet's audit beyond what all accounts have: no bucket was ever below zero, no
// balance above the limit, what is reserved waits for an end, every checkpoint is the sum of its
// entries, and profile and freezes match their fingerprints. Reads only.
import type { Entry } from "../../domain/ledger/entry.ts";
import { fingerprintFreeze, fingerprintUser } from "../../domain/fingerprint.ts";
import { isFreezeId, walletAddress } from "../../domain/ids.ts";
import { currentRenderer } from "../../domain/protocol/transaction.ts";
import type { Metadata } from "../../domain/text.ts";
import type { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";
import { AccountAudit, rowsPerTurn, type AuditRules, type Difference } from "../account/audit.ts";
import type { AuditReport } from "../account/audit-contract.ts";
import { parseCanonical, type StoredIdentity } from "../account/audit-store.ts";
import { LedgerTally } from "./audit-sums.ts";
import {
  WalletAuditStore,
  type AuditedCheckpoint,
  type AuditedFreeze,
  type AuditedProfile,
} from "./audit-store.ts";
import type { WalletCall } from "./contract.ts";

/** Identity and first profile are written in one turn: how far two readings of the clock may be
 *  apart, in ms. */
const openingMaxMs = 1_000;

class WalletRules implements AuditRules {
  readonly shards = null;
  readonly #store: WalletAuditStore;
  readonly #last: number;
  readonly #tally = new LedgerTally();
  #checkpoints: ReadonlyMap<number, AuditedCheckpoint> = new Map();
  #loadedUpTo = 0;
  checkpoints = 0;
  freezes = 0;

  /** `last`: the entry at which the audit ends. */
  constructor(store: WalletAuditStore, last: number) {
    this.#store = store;
    this.#last = last;
  }

  checkEntry(entry: Entry, isLastOfLeg: boolean): Difference {
    const { sequence, transactionId } = entry;
    const reserves = entry.bucket === "reserved" && entry.direction === "credit";
    this.#tally.add(entry, reserves && !this.#store.isEnded(transactionId, this.#last));
    const kind = isLastOfLeg ? this.#tally.exceededByLeg() : undefined;
    return kind ? { kind, sequence, transactionId } : this.#checkCheckpoint(sequence);
  }

  #checkCheckpoint(sequence: number): Difference {
    if (sequence > this.#loadedUpTo) {
      this.#loadedUpTo = sequence + rowsPerTurn;
      this.#checkpoints = this.#store.checkpoints(sequence - 1, this.#loadedUpTo);
    }
    const checkpoint = this.#checkpoints.get(sequence);
    if (!checkpoint) return undefined;
    this.checkpoints += 1;
    return this.#tally.equals(checkpoint) ? undefined : { kind: "wrong_checkpoint", sequence };
  }

  async checkRecords(
    { openedAt }: StoredIdentity,
    letOthersIn: () => Promise<void>,
  ): Promise<Difference> {
    const sequence = this.#store.strayCheckpoint();
    if (sequence !== undefined) return { kind: "wrong_checkpoint", sequence };
    const currency = this.#tally.wronglyReserved();
    if (currency !== undefined) return { kind: "wrong_reserved", field: currency };
    return (await this.#checkProfiles(openedAt, letOthersIn)) ?? this.#checkFreezes(letOthersIn);
  }

  async #checkProfiles(openedAt: number, letOthersIn: () => Promise<void>): Promise<Difference> {
    let before: AuditedProfile | undefined;
    for (;;) {
      const turn = this.#store.profilesAfter(before?.version ?? 0, rowsPerTurn);
      if (!before && turn.length === 0) return { kind: "wrong_profile", field: "version" };
      for (const profile of turn) {
        const field = differingInProfile(profile, before, openedAt);
        if (field) return { kind: "wrong_profile", field };
        before = profile;
      }
      if (turn.length < rowsPerTurn) return undefined;
      await letOthersIn();
    }
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
}

function isRenderer(renderer: number): boolean {
  return renderer >= 1 && renderer <= currentRenderer;
}

/** The difference between a version of the profile and its fingerprint, if there is one. The first
 *  is the record of the opening. */
function differingInProfile(
  profile: AuditedProfile,
  before: AuditedProfile | undefined,
  openedAt: number,
): string | undefined {
  const { version, renderer, createdAt, erasedAt } = profile;
  if (version !== (before?.version ?? 0) + 1) return "version";
  if (!isRenderer(renderer)) return "renderer";
  const delay = createdAt - (before?.createdAt ?? openedAt);
  if (delay < 0 || (!before && delay > openingMaxMs)) return "createdAt";
  return erasedAt === null ? differingInPerson(profile) : "erasedAt";
}

function differingInPerson(profile: AuditedProfile): string | undefined {
  const { fingerprint, name, email, metadata, externalId } = profile;
  if (name === null) return "name";
  if (externalId !== null) return "externalId";
  const pairs = metadata === null ? undefined : (parseCanonical(metadata) as Metadata | undefined);
  if (metadata !== null && pairs === undefined) return "metadata";
  const sent = { name, ...(email !== null && { email }), ...(pairs && { metadata: pairs }) };
  return fingerprintUser(sent) === fingerprint ? undefined : "fingerprint";
}

/** The difference between the freeze or thaw number `index` and its fingerprint, if any. */
function differingInFreeze(freeze: AuditedFreeze, index: number): string | undefined {
  const { id, scope, freezeId, fingerprint, reason, principal, renderer } = freeze;
  if (id !== index) return "id";
  if (!isFreezeId(freezeId)) return "freezeId";
  if (scope !== "debits" && scope !== "none") return "frozen";
  if (fingerprintFreeze({ frozen: scope === "debits", reason }) !== fingerprint) {
    return "fingerprint";
  }
  if (principal === "") return "principal";
  return isRenderer(renderer) ? undefined : "renderer";
}

export async function auditWallet(
  account: Account,
  ports: AccountPorts,
  call: WalletCall,
): Promise<AuditReport> {
  const audit = new AccountAudit(account, ports, call, walletAddress(call.walletId));
  const rules = new WalletRules(new WalletAuditStore(ports.storage), audit.head.sequence);
  const difference = await audit.run(rules);
  const { head, holds, transactions, unreachableShards } = audit;
  const { checkpoints, freezes } = rules;
  const checked = { entries: head.sequence, checkpoints, holds, freezes, transactions };
  return { ok: true, head, checked, ...(difference && { difference }), unreachableShards };
}
