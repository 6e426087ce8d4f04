// An account: performs the leg machine on its own SQLite, for wallets and the outside world alike.
// It serialises everything about the account; it never decides a transaction: where a held leg
// stands in the way, it asks the transfer log.
import { admissionRules, admit } from "../../domain/admission/admit.ts";
import { genesisHash, nextEntries, type LedgerHead } from "../../domain/ledger/entry.ts";
import { accountObjectName } from "../../domain/ids.ts";
import {
  closeLeg,
  decideHold,
  isOriginAwaited,
  refuseUnopened,
  voteAfterAsks,
  type HoldStep,
  type LegContent,
  type LegWrite,
  type RecordedLeg,
} from "../../domain/protocol/leg.ts";
import type { Refusal } from "../../domain/errors.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Vote } from "../../domain/protocol/vote.ts";
import { Schema } from "../../platform/migrations.ts";
import { differingDeclaration } from "../../platform/schema-comparison.ts";
import type { Acknowledgement, LegCall, PostCall } from "./contract.ts";
import { isUnderstood, protocolVersions } from "../rpc/contract.ts";
import { assertIdentity, assertObjectName } from "../rpc/identity.ts";
import { askAboutLegs, type Learned } from "./ask-logs.ts";
import { rejectedOrigin } from "./ask-origin.ts";
import { AskRounds } from "./ask-rounds.ts";
import { GroupCommit } from "../group-commit.ts";
import type { AccountKind } from "./kind.ts";
import { LegCache } from "./leg-cache.ts";
import type { AccountPorts } from "./ports.ts";
import { originDecidedAt, standingOf } from "./standing.ts";
import { AccountStore, type AccountIdentity } from "./store.ts";

export class Account {
  readonly store: AccountStore;
  readonly #ports: AccountPorts;
  readonly #kind: AccountKind;
  readonly #schema: Schema;
  readonly #commits: GroupCommit;
  /** As it was read: it is written once, so one reading serves the whole life of an instance. */
  #identity: AccountIdentity | undefined;
  readonly #cache = new LegCache();
  readonly #rounds = new AskRounds();

  constructor(ports: AccountPorts, kind: AccountKind) {
    this.#ports = ports;
    this.#kind = kind;
    this.#schema = new Schema(ports.storage, kind.migrations);
    this.#commits = new GroupCommit(ports.storage, ports.clock);
    this.store = new AccountStore(ports.storage);
  }

  /** Whether the account exists, checked against its stored identity; throws on another one's. */
  exists(tenant: string, account: string): boolean {
    const identity = this.#readIdentity();
    if (!identity) return false;
    const { class: ownClass, shards } = this.#kind;
    assertIdentity(identity, { class: ownClass, tenant, account, shards });
    return true;
  }

  #readIdentity(): AccountIdentity | undefined {
    if (!this.#identity && this.#schema.exists()) this.#identity = this.store.identity();
    return this.#identity;
  }

  /** `exists` for audits: an identity that contradicts the object's name is theirs to report. */
  wasUsed(tenant: string, account: string): boolean {
    const name = accountObjectName(tenant, { class: this.#kind.class, id: account });
    return this.#ports.objectName === name ? this.#schema.exists() : this.exists(tenant, account);
  }

  /** For audits: the first table or trigger that is not as it was declared. */
  differingDeclaration(): string | undefined {
    return differingDeclaration(this.#ports.storage, this.#kind.migrations);
  }

  /** One sql transaction; one statement is one by itself. Where it is rolled back, nothing that was
   *  read or written before is relied on: tables that it created are gone again. */
  sqlTransaction<T>(body: () => T, isOneStatement = false): T {
    try {
      return isOneStatement ? body() : this.#ports.storage.transactionSync(body);
    } catch (error) {
      this.#schema.rolledBack();
      this.#identity = undefined;
      this.#cache.clear();
      throw error;
    }
  }

  /** Creates the tables and writes the identity, inside the sql transaction of the first use. */
  create(tenant: string, account: string): void {
    const { class: ownClass, shards } = this.#kind;
    const address = { class: ownClass, id: account };
    assertObjectName(this.#ports.objectName, accountObjectName(tenant, address));
    this.#schema.create();
    const genesis = genesisHash(tenant, address);
    const now = this.#ports.clock.now();
    this.store.insertIdentity({ class: ownClass, tenant, account, shards, genesis }, now);
  }

  /** The end of the ledger of an account that exists. */
  head(): LedgerHead {
    return this.store.lastEntry() ?? { sequence: 0, hash: this.genesis(), createdAt: 0 };
  }

  /** The hash before the first entry of an account that exists, as it is stored. */
  genesis(): string {
    const identity = this.store.identity();
    if (!identity) throw new Error("the account was never opened");
    return identity.genesis;
  }

  /** AccountApi.hold: votes, after asking about every undecided leg that could change a refusal. */
  async hold(call: LegCall): Promise<Vote> {
    if (!isUnderstood(call)) return { vote: "busy", reason: "protocol_version" };
    await this.#commits.join(call.posting.transactionId);
    const arrival = this.#rounds.latest;
    for (let [after, mayAsk] = [0, true]; ; after = arrival) {
      const step = this.sqlTransaction(() => this.#holdNow(call, mayAsk));
      if (!step.ask) {
        const rejected =
          mayAsk && isOriginAwaited(step.vote) && (await rejectedOrigin(call, this.#ports));
        if (!rejected) return step.vote;
        this.#releaseNow({ ...call, posting: rejected });
        mayAsk = false;
        continue;
      }
      const round = this.#rounds.join(step.ask, after, (legs) => this.resolve(legs, call));
      const vote = voteAfterAsks(await round.learned);
      if (vote) return vote;
      // Everything may have changed during the asks: start over from the known leg. A round that is
      // younger than the hold has asked for it; one that was under way already may have asked too
      // early, and is followed by one that has not.
      mayAsk = round.number <= arrival;
    }
  }

  #holdNow(call: LegCall, mayAsk: boolean): HoldStep<LegContent> {
    const { posting, account } = call;
    if (!this.#existsForUse(call)) return { write: undefined, vote: refuseUnopened(account) };
    const look = this.#kind.look(posting);
    const step = decideHold(look.known ? this.#recorded(posting) : undefined, posting, {
      admission: () =>
        admit(admissionRules, standingOf(this.store, look, posting), { ...posting, account }),
      mayAsk,
      held: () => this.store.heldLegs(),
    });
    if (step.ask) return step;
    const { vote } = step;
    if (vote.vote === "fault") this.#fault(call, vote.detail);
    this.#write(step.write, posting, vote.vote === "no" ? vote.refusal : undefined);
    if (vote.vote !== "yes") return step;
    const newestDecidedAt = look.newestDecidedAt ?? originDecidedAt(this.store, posting);
    return {
      ...step,
      vote: { ...vote, ...(newestDecidedAt !== undefined && { newestDecidedAt }) },
    };
  }

  #recorded({ transactionId }: Posting): RecordedLeg {
    const leg = this.store.leg(transactionId);
    if (!leg) throw new Error("a known leg is gone");
    return leg;
  }

  /** AccountApi.post: the entries of all lines, and with the last one the closed leg. */
  async post(call: PostCall): Promise<Acknowledgement> {
    if (!isUnderstood(call)) {
      return { acknowledged: false, reason: "protocol_version" };
    }
    await this.#commits.join(call.posting.transactionId);
    return this.#postNow(call);
  }

  #postNow(call: PostCall): Acknowledgement {
    const { posting, tenant, account, decidedAt } = call;
    const { transactionId } = posting;
    const leg = this.exists(tenant, account)
      ? (this.#cache.held(transactionId) ?? this.store.leg(transactionId))
      : undefined;
    const { fault, write } = closeLeg("post", leg, posting);
    if (fault !== undefined) return this.#fault(call, fault);
    const hash = write ? this.#append(posting, decidedAt) : this.store.entryHashOf(transactionId);
    if (hash === undefined) return this.#fault(call, "the entry of a posted leg is gone");
    return { acknowledged: true, entryHash: hash };
  }

  /** AccountApi.release: leaves a tombstone even for a leg that was never heard of. */
  async release(call: LegCall): Promise<Acknowledgement> {
    if (!isUnderstood(call)) {
      return { acknowledged: false, reason: "protocol_version" };
    }
    await this.#commits.join(call.posting.transactionId);
    return this.#releaseNow(call);
  }

  #releaseNow(call: LegCall): Acknowledgement {
    return this.sqlTransaction((): Acknowledgement => {
      const { posting } = call;
      if (!this.#existsForUse(call)) return { acknowledged: true };
      const { fault, write } = closeLeg("release", this.store.leg(posting.transactionId), posting);
      if (fault !== undefined) return this.#fault(call, fault);
      this.#write(write, posting);
      return { acknowledged: true };
    });
  }

  /** Performs a move of a leg that posts nothing. */
  #write(write: LegWrite | undefined, posting: Posting, refusal?: Refusal): void {
    const { transactionId, claims } = posting;
    switch (write) {
      case "hold":
        this.store.insertHeld(posting);
        for (const claim of claims) this.store.insertClaim(claim, transactionId);
        this.#cache.noteHeld(posting);
        break;
      case "tombstone":
        this.store.insertVoid(posting, refusal);
        break;
      case "void":
        this.store.voidHeld(transactionId);
        for (const claim of claims) this.store.deleteClaim(claim, transactionId);
        this.#cache.noteClosed(transactionId);
        break;
      case "entries":
        throw new Error("entries are appended with the time of their decision");
      case undefined:
    }
  }

  /** All or none: one sql transaction, or one statement where that is all. Returns the hash of the
   *  last entry. */
  #append(posting: Posting, decidedAt: number): string {
    const head = this.#cache.head ?? this.head();
    const entries = nextEntries(head, posting, { decidedAt, now: this.#ports.clock.now() });
    const last = entries.at(-1);
    if (!last) throw new Error("a leg has a line");
    const append = () => {
      for (const entry of entries) {
        this.store.insertEntry(entry);
        this.#kind.onPosted(entry);
      }
    };
    const isOneStatement = entries.length === 1 && !this.#kind.writesWithEntry(last.sequence);
    this.sqlTransaction(append, isOneStatement);
    this.#cache.noteClosed(last.transactionId);
    this.#cache.noteHead(last);
    return last.hash;
  }

  /** Asks the logs about held legs and performs what was decided. Call it outside of a sql
   *  transaction, and read the state again afterwards. */
  async resolve(
    legs: readonly LegContent[],
    call: { readonly requestId: string; readonly tenant: string; readonly account: string },
  ): Promise<Learned> {
    const { requestId, tenant, account } = call;
    const asked = { protocol: protocolVersions.before, requestId, tenant, account };
    const learned = await askAboutLegs(legs, asked, this.#ports);
    for (const { posting, decidedAt } of learned.committed) {
      this.#postNow({ ...asked, posting, decidedAt });
    }
    for (const posting of learned.rejected) this.#releaseNow({ ...asked, posting });
    return learned;
  }

  #existsForUse(call: LegCall): boolean {
    if (this.exists(call.tenant, call.account)) return true;
    if (!this.#kind.isCreatedOnUse) return false;
    this.create(call.tenant, call.account);
    return true;
  }

  /** Reports that a call contradicts what is recorded. Nothing was written for it. */
  #fault(call: LegCall, detail: string): Acknowledgement {
    const { requestId, account, posting } = call;
    const { transactionId } = posting;
    this.#ports.log("error", {
      event: "integrity_fault",
      requestId,
      transactionId,
      account,
      detail,
    });
    return { acknowledged: false, reason: "fault", detail };
  }
}
