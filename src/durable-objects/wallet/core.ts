// A wallet: an account with an owner, a check of funds, freezes and clean reads. Everything but the
// shell; no SQL.
import { checkpointInterval, callMaxMs, readPassesMax } from "../../domain/limits.ts";
import type { RecordedLeg } from "../../domain/protocol/leg.ts";
import { positionsOf } from "../../domain/ledger/position.ts";
import { currentRenderer, type Posting } from "../../domain/protocol/transaction.ts";
import type { Migration } from "../../platform/migrations.ts";
import { Account } from "../account/core.ts";
import type { AccountKind, Look } from "../account/kind.ts";
import type { AccountPorts } from "../account/ports.ts";
import type { AuditReport } from "../account/audit-contract.ts";
import { isReplay, type NotFound } from "../rpc/contract.ts";
import type {
  AuthorizationsCall,
  AuthorizationsPage,
  BalanceReading,
  EntriesCall,
  EntryPlaces,
  FreezeCall,
  FreezeRecord,
  FreezeResult,
  FreezesCall,
  FreezesPage,
  HistoryCall,
  HistoryPage,
  OpenWalletCall,
  OpenWalletResult,
  UserRecord,
  WalletCall,
} from "./contract.ts";
import { auditWallet } from "./audit.ts";
import { authorizationsOf } from "./authorizations.ts";
import { entriesOfLeg, pageOf } from "./history.ts";
import { WalletStore, type Owner, type StoredFreeze } from "./store.ts";
import { LedgerSums } from "./sums.ts";

const notFound: NotFound = { ok: false, problem: "not_found" };

function toUser(walletId: string, owner: Owner): UserRecord {
  const { fingerprint: _fingerprint, nonce: _nonce, ...user } = owner;
  return { walletId, ...user };
}

function toFreeze(walletId: string, stored: StoredFreeze): FreezeRecord {
  const { fingerprint: _fingerprint, nonce: _nonce, ...freeze } = stored;
  return { walletId, ...freeze };
}

function noted(nonce: string | undefined): { readonly nonce?: string } {
  return nonce === undefined ? {} : { nonce };
}

function isCheckpoint(sequence: number): boolean {
  return sequence % checkpointInterval === 0;
}

/** One pass of a read: the entries and held legs of one moment. */
interface Capture<View> {
  readonly view: View;
  readonly held: readonly RecordedLeg[];
  readonly inFlight?: number;
}

export class WalletAccount {
  readonly account: Account;
  readonly #store: WalletStore;
  readonly #sums: LedgerSums;
  readonly #ports: AccountPorts;

  constructor(ports: AccountPorts, migrations: readonly Migration[]) {
    this.#ports = ports;
    this.#store = new WalletStore(ports.storage);
    this.#sums = new LedgerSums(ports.storage);
    this.account = new Account(ports, this.#kind(migrations));
  }

  #kind(migrations: readonly Migration[]): AccountKind {
    const sums = this.#sums;
    return {
      class: "wallet",
      migrations,
      shards: null,
      isCreatedOnUse: false,
      look: (posting) => this.#look(posting),
      onPosted: ({ sequence }) => {
        if (isCheckpoint(sequence)) sums.insertCheckpoint(sequence);
      },
      writesWithEntry: isCheckpoint,
    };
  }

  #look({ transactionId, lines }: Posting): Look {
    const currencies = [...new Set(lines.map(({ currency }) => currency))];
    const looks = currencies.map((one) => this.#sums.look(transactionId, one));
    const [first] = looks;
    if (!first) throw new Error("a leg has a line");
    const funds = new Map(looks.map((look, index) => [currencies[index] ?? "", look.funds]));
    return { ...first, funds };
  }

  /** WalletApi.open. The first opening wins; the same one again is answered from its record. */
  open(call: OpenWalletCall): OpenWalletResult {
    const { tenant, walletId, fingerprint, profile, nonce } = call;
    return this.account.sqlTransaction((): OpenWalletResult => {
      const known = this.account.exists(tenant, walletId);
      if (!known) {
        this.account.create(tenant, walletId);
        const createdAt = this.#ports.clock.now();
        const opening = { fingerprint, renderer: currentRenderer, createdAt, ...noted(nonce) };
        this.#store.insertOwner({ ...profile, ...opening });
      }
      const owner = this.#owner();
      if (owner.fingerprint !== fingerprint)
        return { ok: false, problem: "idempotency_key_reused" };
      return {
        ok: true,
        user: toUser(walletId, owner),
        replayed: known && isReplay(nonce, owner.nonce),
      };
    });
  }

  #owner(): Owner {
    const owner = this.#store.owner();
    if (!owner) throw new Error("an open wallet has an owner");
    return owner;
  }

  /** WalletApi.profile. */
  profile(call: WalletCall): { ok: true; user: UserRecord } | NotFound {
    if (!this.account.exists(call.tenant, call.walletId)) return notFound;
    return { ok: true, user: toUser(call.walletId, this.#owner()) };
  }

  /** WalletApi.readBalance. */
  async readBalance(call: WalletCall): Promise<BalanceReading | NotFound> {
    if (!this.account.exists(call.tenant, call.walletId)) return notFound;
    const { view, held, inFlight } = await this.#readClean(call, () => {
      const head = this.account.head();
      return { head, net: this.#sums.netAt(head.sequence) };
    });
    return {
      ok: true,
      positions: positionsOf(view.net, held),
      head: view.head,
      ...(inFlight !== undefined && { inFlight }),
    };
  }

  /** WalletApi.readHistory. A page behind a cursor shows only what was posted before the first. */
  async readHistory(call: HistoryCall): Promise<HistoryPage | NotFound> {
    if (!this.account.exists(call.tenant, call.walletId)) return notFound;
    const ledger = { store: this.#store, sums: this.#sums };
    const pageUpTo = (last: number) => pageOf(ledger, last, call);
    if (call.before !== undefined) return { ok: true, ...pageUpTo(call.before - 1) };
    const newest = () => pageUpTo(this.account.head().sequence);
    const { view, inFlight } = await this.#readClean(call, newest);
    return { ok: true, ...view, ...(inFlight !== undefined && { inFlight }) };
  }

  /** WalletApi.readEntries. */
  readEntries({ tenant, walletId, transactionId }: EntriesCall): EntryPlaces | NotFound {
    if (!this.account.exists(tenant, walletId)) return notFound;
    const { store } = this.account;
    const last = store.postedSequence(transactionId);
    if (last === undefined) return { ok: true, entries: [] };
    const count = store.leg(transactionId)?.lines.length ?? 0;
    const entries = entriesOfLeg({ store: this.#store, sums: this.#sums }, last, count);
    const places = entries.map(({ sequence, balanceAfter }) => ({ sequence, balanceAfter }));
    return { ok: true, entries: places };
  }

  /** WalletApi.readAuthorizations. Every page tells how they stand in one moment. */
  async readAuthorizations(call: AuthorizationsCall): Promise<AuthorizationsPage | NotFound> {
    if (!this.account.exists(call.tenant, call.walletId)) return notFound;
    const ledger = { store: this.#store, claims: this.account.store, sums: this.#sums };
    const page = () => authorizationsOf(ledger, this.account.head().sequence, call);
    const { view, inFlight } = await this.#readClean(call, page);
    return { ok: true, ...view, ...(inFlight !== undefined && { inFlight }) };
  }

  /** WalletApi.freeze. What is held already was promised: nothing here looks at it. */
  freeze(call: FreezeCall): FreezeResult {
    const { tenant, walletId, freezeId, fingerprint, frozen, reason, principal, nonce } = call;
    return this.account.sqlTransaction((): FreezeResult => {
      const exists = this.account.exists(tenant, walletId);
      if (!exists) return { ok: false, problem: "wallet_not_found" };
      const known = this.#store.freeze(freezeId);
      if (known && known.fingerprint !== fingerprint) {
        return { ok: false, problem: "idempotency_key_reused" };
      }
      const createdAt = this.#ports.clock.now();
      const act = { frozen, reason, principal, createdAt, ...noted(nonce) };
      const stored = known ?? { ...act, id: freezeId, fingerprint, renderer: currentRenderer };
      if (!known) this.#store.insertFreeze(stored);
      const replayed = known !== undefined && isReplay(nonce, known.nonce);
      return { ok: true, freeze: toFreeze(walletId, stored), replayed };
    });
  }

  /** WalletApi.freezes. */
  freezes({ tenant, walletId, limit, before }: FreezesCall): FreezesPage | NotFound {
    if (!this.account.exists(tenant, walletId)) return notFound;
    // One more than is shown tells whether there are more.
    const stored = this.#store.newestFreezes(limit + 1, before);
    const freezes = stored.slice(0, limit).map((freeze) => toFreeze(walletId, freeze));
    return { ok: true, freezes, hasMore: stored.length > limit };
  }

  /** WalletApi.audit. */
  async audit(call: WalletCall): Promise<AuditReport | NotFound> {
    if (!this.account.wasUsed(call.tenant, call.walletId)) return notFound;
    return auditWallet(this.account, this.#ports, call);
  }

  /** Captures until no held leg turns out to be committed already: a transfer that was acknowledged
   *  before the read began, or that another wallet has shown, cannot be missing from the answer. */
  async #readClean<View>(call: WalletCall, view: () => View): Promise<Capture<View>> {
    const capture = () => ({ view: view(), held: this.account.store.heldLegs() });
    const giveUpAt = this.#ports.clock.now() + callMaxMs;
    for (let pass = 1; pass <= readPassesMax; pass++) {
      const captured = capture();
      if (captured.held.length === 0) return captured;
      const asked = { ...call, account: call.walletId };
      const { committed, rejected, failed } = await this.account.resolve(captured.held, asked);
      if (committed.length === 0 && !failed) {
        return { view: captured.view, held: withoutRejected(captured.held, rejected) };
      }
      if (this.#ports.clock.now() >= giveUpAt) break;
    }
    const last = capture();
    return last.held.length === 0 ? last : { ...last, inFlight: last.held.length };
  }
}

function withoutRejected(
  held: readonly RecordedLeg[],
  rejected: readonly Posting[],
): readonly RecordedLeg[] {
  const ids = new Set(rejected.map((posting) => posting.transactionId));
  return held.filter((leg) => !ids.has(leg.transactionId));
}
