// An account: performs the leg machine on its own SQLite. Wallets and the outside world are this
// one implementation with two admission rules. It serialises everything about the account; it never
// decides a transaction: where a held leg stands in the way, it asks the transfer log.
import { genesisHash, nextEntry, type LedgerHead } from "../../domain/ledger/entry.ts";
import { accountObjectName } from "../../domain/ids.ts";
import { legTransitions, type Vote } from "../../domain/protocol/leg.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import { Schema } from "../../platform/migrations.ts";
import type { ObjectStorage } from "../../platform/storage.ts";
import type { AccountRules } from "./rules.ts";
import { AccountStore, type AccountIdentity, type StoredLeg } from "./store.ts";
import { AskRounds } from "./ask-rounds.ts";
import { protocolVersion, type Acknowledgement, type LegCall } from "../rpc/contract.ts";
import { Gathering } from "./group-commit.ts";
import { askAboutLegs, type Learned } from "./ask-logs.ts";
import { Remembered } from "./leg-cache.ts";
import type { Logs } from "../rpc/stubs.ts";

export interface AccountParts {
  /** What the object is called; unknown to an instance that was reached by its id. */
  readonly objectName?: string | undefined;
  readonly storage: ObjectStorage;
  readonly clock: Clock;
  readonly logs: Logs;
  readonly log: Log;
}

type Attempt = { readonly vote: Vote } | { readonly ask: readonly StoredLeg[] };

const misled = "the object was called as another account than it is";

/** What an account that was never opened says: it leaves no trace of having been asked. */
function refuseUnopened(account: string): Vote {
  return { vote: "no", refusal: { code: "wallet_not_found", account } };
}

export class Account {
  readonly store: AccountStore;
  readonly #parts: AccountParts;
  readonly #rules: AccountRules;
  readonly #schema: Schema;
  readonly #gathering: Gathering;
  /** As it was read: it is written once, so one reading serves the whole life of an instance. */
  #identity: AccountIdentity | undefined;
  readonly #remembered = new Remembered();
  readonly #rounds = new AskRounds();

  constructor(parts: AccountParts, rules: AccountRules) {
    this.#parts = parts;
    this.#rules = rules;
    this.#schema = new Schema(parts.storage, rules.migrations);
    this.#gathering = new Gathering(parts.storage, parts.clock);
    this.store = new AccountStore(parts.storage);
  }

  /** Whether the account exists, checked against its stored identity; throws on another one's. */
  isOpen(tenant: string, account: string): boolean {
    const identity = this.#readIdentity();
    if (!identity) return false;
    const { class: ownClass, shards } = this.#rules;
    const same =
      identity.class === ownClass &&
      identity.tenant === tenant &&
      identity.account === account &&
      identity.shards === shards;
    if (!same) throw new Error(misled);
    return true;
  }

  #readIdentity(): AccountIdentity | undefined {
    if (!this.#identity && this.#schema.exists()) this.#identity = this.store.identity();
    return this.#identity;
  }

  /** `isOpen` for audits: an identity that contradicts the object's name is theirs to report. */
  wasUsed(tenant: string, account: string): boolean {
    const name = accountObjectName(tenant, { class: this.#rules.class, id: account });
    return this.#parts.objectName === name ? this.#schema.exists() : this.isOpen(tenant, account);
  }

  /** One sql transaction. Where it is rolled back, tables that it created are gone again. */
  sqlTransaction<T>(body: () => T): T {
    return this.#remembering(() => this.#parts.storage.transactionSync(body));
  }

  /** Runs what writes. When it throws, nothing of what was remembered can be relied on. */
  #remembering<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      this.#schema.rolledBack();
      this.#identity = undefined;
      this.#remembered.forget();
      throw error;
    }
  }

  /** Creates the tables and writes the identity, inside the sql transaction of the first use. */
  create(tenant: string, account: string): void {
    const { class: ownClass, shards } = this.#rules;
    const address = { class: ownClass, id: account };
    const { objectName } = this.#parts;
    if (objectName !== undefined && objectName !== accountObjectName(tenant, address)) {
      throw new Error(misled);
    }
    this.#schema.create();
    const genesis = genesisHash(tenant, address);
    const now = this.#parts.clock.now();
    this.store.insertIdentity({ class: ownClass, tenant, account, shards, genesis }, now);
  }

  /** The end of the ledger of an open account. */
  head(): LedgerHead {
    return this.store.lastEntry() ?? { sequence: 0, hash: this.genesis(), createdAt: 0 };
  }

  /** The hash before the first entry of an open account, as it is stored. */
  genesis(): string {
    const identity = this.store.identity();
    if (!identity) throw new Error("the account was never opened");
    return identity.genesis;
  }

  /** AccountApi.hold: votes, after asking about every undecided leg that could change a refusal. */
  async hold(call: LegCall): Promise<Vote> {
    if (call.protocol !== protocolVersion) return { vote: "busy", reason: "protocol_version" };
    await this.#gathering.join(call.posting.transactionId);
    const arrival = this.#rounds.latest;
    for (let [after, mayAsk] = [0, true]; ; after = arrival) {
      const attempt = this.#attemptHold(call, mayAsk);
      if ("vote" in attempt) return attempt.vote;
      const round = this.#rounds.join(attempt.ask, after, (legs) => this.resolve(legs, call));
      const { failed } = await round.learned;
      if (failed) return { vote: "busy", reason: "ask_failed" };
      // Everything may have changed during the asks: start over from the known leg. A round that is
      // younger than the hold has asked for it; one that was under way already may have asked too
      // early, and is followed by one that has not.
      mayAsk = round.number <= arrival;
    }
  }

  #attemptHold(call: LegCall, mayAsk: boolean): Attempt {
    const vote = () => this.#vote(call, mayAsk);
    return this.#rules.oneRowHolds ? this.#remembering(vote) : this.sqlTransaction(vote);
  }

  #vote(call: LegCall, mayAsk: boolean): Attempt {
    const { posting } = call;
    if (!this.#openForUse(call)) return { vote: refuseUnopened(call.account) };
    const considered = this.#rules.consider(posting, call.account);
    const leg = considered.known ? this.store.leg(posting.transactionId) : undefined;
    const step = legTransitions[leg?.state ?? "none"].hold;
    if (leg && step.effect === "vote_again") return { vote: this.#voteAgain(leg, call) };
    if (considered.known) throw new Error("a known leg is gone");
    const { admission } = considered;
    if (admission.vote === "yes") {
      this.store.insertHeld(posting);
      this.#rules.onHeld(posting);
      this.#remembered.noteHeld(posting);
      return { vote: admission };
    }
    if (admission.contestable && mayAsk) {
      const ask = this.#rules.contested(posting);
      if (ask.length > 0) return { ask };
    }
    if (admission.vote === "busy") return { vote: { vote: "busy", reason: admission.reason } };
    this.store.insertVoid(posting, admission.refusal);
    return { vote: { vote: "no", refusal: admission.refusal } };
  }

  /** A known leg gives the vote it gave before. A void without a refusal was released: nothing
   *  moved and nothing will, which is what the deadline's refusal says. */
  #voteAgain(leg: StoredLeg, call: LegCall): Vote {
    const fault = this.#contradiction(leg, call);
    if (fault) return { vote: "fault", detail: fault };
    if (leg.state !== "void") return { vote: "yes" };
    return { vote: "no", refusal: leg.refusal ?? { code: "transaction_expired" } };
  }

  /** AccountApi.post: the entry and the closed leg in one statement. */
  async post(call: LegCall): Promise<Acknowledgement> {
    if (call.protocol !== protocolVersion) {
      return { acknowledged: false, reason: "protocol_version" };
    }
    await this.#gathering.join(call.posting.transactionId);
    return this.#postNow(call);
  }

  #postNow(call: LegCall): Acknowledgement {
    const { posting, tenant, account } = call;
    const leg = this.isOpen(tenant, account) ? this.#leg(posting.transactionId) : undefined;
    const fault = leg && this.#contradiction(leg, call);
    if (fault) return { acknowledged: false, reason: "fault", detail: fault };
    const step = legTransitions[leg?.state ?? "none"].post;
    if (step.effect === "integrity_fault") {
      return this.#fault(call, `post of a leg that is ${leg?.state ?? "none"}`);
    }
    const isNew = step.effect === "append_entry";
    const hash = isNew ? this.#append(posting) : this.store.entryHashOf(posting.transactionId);
    if (hash === undefined) return this.#fault(call, "the entry of a posted leg is gone");
    return { acknowledged: true, entryHash: hash };
  }

  #leg(transactionId: string): StoredLeg | undefined {
    return this.#remembered.held(transactionId) ?? this.store.leg(transactionId);
  }

  /** One statement, where nothing else is written with the entry. Returns the entry's hash. */
  #append(posting: Posting): string {
    const entry = nextEntry(this.#remembered.end ?? this.head(), posting, this.#parts.clock.now());
    const append = () => {
      this.store.insertEntry(entry);
      this.#rules.onPosted(entry);
    };
    if (this.#rules.writesWithEntry(entry.sequence)) this.sqlTransaction(append);
    else this.#remembering(append);
    this.#remembered.noteClosed(entry.transactionId);
    this.#remembered.noteEnd(entry);
    return entry.hash;
  }

  /** AccountApi.release: leaves a tombstone even for a leg that was never heard of. */
  async release(call: LegCall): Promise<Acknowledgement> {
    if (call.protocol !== protocolVersion) {
      return { acknowledged: false, reason: "protocol_version" };
    }
    await this.#gathering.join(call.posting.transactionId);
    return this.#releaseNow(call);
  }

  #releaseNow(call: LegCall): Acknowledgement {
    return this.sqlTransaction((): Acknowledgement => {
      const { posting } = call;
      if (!this.#openForUse(call)) return { acknowledged: true };
      const leg = this.store.leg(posting.transactionId);
      const fault = leg && this.#contradiction(leg, call);
      if (fault) return { acknowledged: false, reason: "fault", detail: fault };
      const step = legTransitions[leg?.state ?? "none"].release;
      if (step.effect === "integrity_fault") {
        return this.#fault(call, "release of a leg that is posted");
      }
      if (step.effect === "write_void") {
        this.#remembered.noteClosed(posting.transactionId);
        if (leg) this.store.voidHeld(posting.transactionId);
        else this.store.insertVoid(posting, undefined);
        this.#rules.onVoid(posting);
      }
      return { acknowledged: true };
    });
  }

  /** Asks the logs about held legs and performs what was decided. Call it outside of a sql
   *  transaction, and read the state again afterwards. */
  async resolve(
    legs: readonly StoredLeg[],
    call: { readonly requestId: string; readonly tenant: string; readonly account: string },
  ): Promise<Learned> {
    const { requestId, tenant, account } = call;
    const asked = { protocol: protocolVersion, requestId, tenant, account };
    const learned = await askAboutLegs(legs, asked, this.#parts);
    for (const posting of learned.committed) this.#postNow({ ...asked, posting });
    for (const posting of learned.rejected) this.#releaseNow({ ...asked, posting });
    return learned;
  }

  #openForUse(call: LegCall): boolean {
    if (this.isOpen(call.tenant, call.account)) return true;
    if (!this.#rules.opensOnUse) return false;
    this.create(call.tenant, call.account);
    return true;
  }

  #contradiction(leg: StoredLeg, call: LegCall): string | undefined {
    const { posting } = call;
    const same =
      leg.fingerprint === posting.fingerprint &&
      leg.direction === posting.direction &&
      leg.currency === posting.currency &&
      leg.amount === posting.amount;
    if (same) return undefined;
    const detail = "another content than the recorded leg's";
    this.#fault(call, detail);
    return detail;
  }

  #fault(call: LegCall, detail: string): Acknowledgement {
    const { requestId, account, posting } = call;
    const { transactionId } = posting;
    this.#parts.log("error", {
      event: "integrity_fault",
      requestId,
      transactionId,
      account,
      detail,
    });
    return { acknowledged: false, reason: "fault", detail };
  }
}
