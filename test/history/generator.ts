// Clean histories of any length, from a seed: concurrent clients of the model service with hot
// wallets, overdrafts, replays, duplicate references, 202s, unknown outcomes that take effect late
// or never, and reads with `inFlight` that miss what was decided while they ran.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { transactionIdFor } from "../../src/domain/ids.ts";
import {
  batchPath,
  bodyOf,
  drawRequest,
  earlierOf,
  isAuthorization,
  isReversible,
  itemOf,
  pathOf,
  walletsIn,
} from "../operations/all.ts";
import type { Earlier } from "../operations/operation.ts";
import { MalformedHistory, type HistoryLine, type Operation } from "./format.ts";
import { ModelService, defaultCurrency, tenant, type Reply } from "./model-service.ts";
import { Random } from "./random.ts";

export interface Shape {
  readonly operations: number;
  readonly clients: number;
  readonly wallets: number;
  /** Besides the operations. */
  readonly batches?: number;
}

const startedAt = Date.UTC(2026, 0, 1);
const latencyMaxMs = 20;
/** How long after its client gave up a request may still take effect. */
const lateMaxMs = 60;
/** In the middle of a history everything rests for so long that some authorizations expire. */
const restMs = 125_000;
/** From how many of the last requests those are taken that others act on. */
const recentCount = 60;
const currencies = [undefined, undefined, undefined, "EUR"];

/** What happens at one moment. Operations are made of several. */
interface Moment {
  readonly at: number;
  readonly happen: () => void;
}

type Draft = Omit<Operation, "status" | "body"> & { status: number | null; body?: string };

class Recording {
  readonly #random: Random;
  /** Of batches, so that they leave everything else as it is. */
  readonly #batchRandom: Random;
  readonly #shape: Shape;
  readonly #service = new ModelService();
  readonly #moments: Moment[] = [];
  /** When authorizations expire: long after their request, perhaps after the end of all. */
  readonly #expiries: Moment[] = [];
  readonly #operations: Draft[] = [];
  readonly #sent: { readonly key: string; readonly sent: SentRequest }[] = [];
  readonly #wallets: string[] = [];

  constructor(seed: number, shape: Shape) {
    this.#random = new Random(seed);
    this.#batchRandom = new Random(seed + 1_000_000);
    this.#shape = shape;
  }

  record(): HistoryLine[] {
    const { clients, wallets, operations } = this.#shape;
    for (let index = 0; index < wallets; index++) this.#openWallet(index);
    const clocks = Array.from({ length: clients }, () => startedAt + this.#random.next());
    for (let index = 0; index < operations; index++) {
      const client = this.#random.integer(0, clients - 1);
      const restedMs = index * 2 < operations ? 0 : restMs;
      const ready = Math.max(clocks[client] ?? startedAt, startedAt + restedMs);
      const invoked = ready + this.#random.next() * 3;
      const completed = invoked + 0.1 + this.#random.next() * latencyMaxMs;
      clocks[client] = completed;
      this.#addOperation(invoked, completed, index);
    }
    for (let index = 0; index < (this.#shape.batches ?? 0); index++) this.#addBatch(index);
    const endsAt = Math.max(...this.#operations.map(({ completed }) => completed));
    const due = this.#expiries.filter(({ at }) => at <= endsAt);
    const moments = [...this.#moments, ...due].toSorted((left, right) => left.at - right.at);
    for (const { happen } of moments) happen();
    for (const walletId of this.#wallets) this.#service.post(walletId, Infinity, Infinity);
    return this.#lines();
  }

  #lines(): HistoryLine[] {
    const done = this.#operations.toSorted((left, right) => left.completed - right.completed);
    return [
      { kind: "history", version: 1, tenant, defaultCurrency },
      ...done,
      ...this.#service.ledgers(),
      { kind: "end", unsettled: [] },
    ];
  }

  #openWallet(index: number): void {
    const key = `user-${index}`;
    const { walletId, reply } = this.#service.open(key, startedAt);
    this.#wallets.push(walletId);
    const invoked = startedAt - 2;
    const request = { name: key };
    this.#operations.push({
      kind: "operation",
      invoked,
      completed: startedAt - 1,
      method: "POST",
      url: "/users",
      key,
      request,
      ...reply,
    });
  }

  /** Squared, so that the first wallets are hot. */
  #wallet(): string {
    const index = Math.floor(this.#random.next() ** 2 * this.#wallets.length);
    return this.#wallets[index] ?? "";
  }

  #addOperation(invoked: number, completed: number, index: number): void {
    const kind = this.#random.next();
    if (kind < 0.15) this.#addBalance(invoked, completed);
    else if (kind < 0.25) this.#addPage(invoked, completed);
    else if (kind < 0.3) this.#addLookup(invoked, completed);
    else this.#addSubmission(invoked, completed, index);
  }

  #add(draft: Omit<Draft, "kind" | "status">): Draft {
    const operation: Draft = { kind: "operation", ...draft, status: null };
    this.#operations.push(operation);
    return operation;
  }

  #at(at: number, happen: () => void): void {
    this.#moments.push({ at, happen });
  }

  #between(from: number, to: number): number {
    return from + this.#random.next() * (to - from);
  }

  #addSubmission(invoked: number, completed: number, index: number): void {
    const replayed = this.#random.chance(0.15) && this.#sent.length > 0;
    const { key, sent } = replayed
      ? this.#random.pick(this.#sent.slice(-50))
      : { key: `key-${index}`, sent: this.#newRequest(index) };
    if (!replayed) this.#sent.push({ key, sent });
    const request = bodyOf(sent);
    const url = pathOf(sent);
    const operation = this.#add({ invoked, completed, method: "POST", url, key, request });

    const unknown = this.#random.chance(0.06);
    if (unknown && this.#random.chance(0.3)) return;
    const pending = this.#random.chance(0.04);
    const over = unknown || pending ? completed + this.#random.next() * lateMaxMs : completed;
    const decided = this.#between(invoked, pending ? completed : over);
    const id = transactionIdFor(tenant, key);
    let reply: Reply | undefined;
    this.#at(decided, () => {
      const record = this.#service.submit(key, sent, decided);
      reply = this.#service.answer(record, pending);
    });
    for (const walletId of walletsIn(sent)) {
      const posted = this.#between(decided, over);
      this.#at(posted, () => this.#service.post(walletId, posted, Infinity, id));
    }
    if ("expiresIn" in sent) this.#expireLater(id, decided + 1_000 * (sent.expiresIn ?? 0));
    if (!unknown) this.#at(completed, () => Object.assign(operation, reply));
  }

  /** A payroll, whose answer may get lost, and its replay. */
  #addBatch(index: number): void {
    const random = this.#batchRandom;
    const key = `batch-${index}`;
    const fromWalletId = random.pick(this.#wallets);
    const others = this.#wallets.filter((wallet) => wallet !== fromWalletId);
    const sent = Array.from({ length: random.integer(2, 6) }, (): SentRequest => {
      const toWalletId = random.pick(others);
      return { type: "transfer", fromWalletId, toWalletId, amount: random.integer(1, 300) };
    });
    const url = batchPath;
    const request = { items: sent.map((one) => itemOf(one)) };
    const invoked = startedAt + 200 * random.next();
    const times = [invoked, invoked + latencyMaxMs].map((at) => ({
      invoked: at,
      completed: at + 5,
    }));
    const [first, replay] = times.map((time) =>
      this.#add({ ...time, method: "POST", url, key, request }),
    );
    const isLost = random.chance(0.3);
    const decided = invoked + 4 * random.next();
    this.#at(decided, () => {
      const records = this.#service.submitBatch(key, sent, decided);
      for (const { id, state } of records) {
        if (state !== "committed") continue;
        for (const walletId of this.#wallets) {
          this.#service.post(walletId, decided, Infinity, id);
        }
      }
      const reply = this.#service.answerBatch(records);
      if (!isLost) Object.assign(first ?? {}, reply);
      Object.assign(replay ?? {}, reply);
    });
  }

  /** A moment after its time, an authorization expires that nothing else has ended. */
  #expireLater(id: string, expiresAt: number): void {
    const at = expiresAt + this.#random.next() * latencyMaxMs;
    const happen = () => {
      const expired = this.#service.expire(id, at);
      const wallets = expired ? walletsIn(expired.request) : [];
      for (const walletId of wallets) this.#service.post(walletId, at, Infinity, expired?.id);
    };
    this.#expiries.push({ at, happen });
  }

  #newRequest(index: number): SentRequest {
    const currency = this.#random.pick(currencies);
    const details = {
      amount: this.#random.integer(1, 900),
      ...(currency !== undefined && { currency }),
      ...(this.#random.chance(0.2) && { description: `Nº ${index}` }),
      ...(this.#random.chance(0.1) && { metadata: { order: `A-${index}`, "7": "é" } }),
    };
    return drawRequest(this.#random.next(), {
      wallet: () => this.#wallet(),
      pair: () => this.#pair(),
      payment: () => {
        const reference = this.#random.chance(0.1) ? index - (index % 40) : index;
        return { paymentReference: `pay-${reference}` };
      },
      details: () => details,
      earlier: () => this.#earlier(isReversible),
      authorized: () => this.#earlier(isAuthorization),
    });
  }

  /** One of those that were asked for lately, whatever becomes of it; seldom one that never was. */
  #earlier(isWanted: (sent: SentRequest) => boolean): Earlier | undefined {
    const wanted = this.#sent.slice(-recentCount).filter(({ sent }) => isWanted(sent));
    if (wanted.length === 0) return undefined;
    const { key, sent } = this.#random.pick(wanted);
    const asked = this.#random.chance(0.04) ? `${key} of another` : key;
    return earlierOf(transactionIdFor(tenant, asked), sent);
  }

  #pair() {
    const fromWalletId = this.#wallet();
    let toWalletId = this.#wallet();
    while (toWalletId === fromWalletId) toWalletId = this.#random.pick(this.#wallets);
    return { fromWalletId, toWalletId };
  }

  #addBalance(invoked: number, completed: number): void {
    const walletId = this.#wallet();
    const url = `/wallets/${walletId.replace("wal_", "usr_")}/balance`;
    const operation = this.#add({ invoked, completed, method: "GET", url });
    const at = this.#between(invoked, completed);
    const inFlight = this.#random.chance(0.1) ? 1 : undefined;
    this.#at(at, () => {
      // With `inFlight`, only what was acknowledged before the read began is sure to be there.
      this.#service.post(walletId, at, inFlight === undefined ? Infinity : invoked);
      Object.assign(operation, this.#service.balance(walletId, inFlight));
    });
  }

  #addPage(invoked: number, completed: number): void {
    const walletId = this.#wallet();
    const limit = this.#random.integer(2, 20);
    const url = `/transactions?walletId=${walletId}&limit=${limit}`;
    const operation = this.#add({ invoked, completed, method: "GET", url });
    const at = this.#between(invoked, completed);
    this.#at(at, () => {
      this.#service.post(walletId, at, Infinity);
      const reply = this.#service.page(walletId, limit);
      Object.assign(operation, reply);
    });
    this.#at(completed, () => this.#addNextPage(operation, walletId, limit));
  }

  #addNextPage(first: Draft, walletId: string, limit: number): void {
    if (first.body === undefined) throw new MalformedHistory("a page without a body");
    const { nextCursor } = JSON.parse(first.body) as { nextCursor: string | null };
    if (nextCursor === null) return;
    const times = { invoked: first.completed + 0.01, completed: first.completed + 1 };
    const operation = this.#add({
      ...times,
      method: "GET",
      url: `${first.url}&cursor=${nextCursor}`,
    });
    Object.assign(operation, this.#service.page(walletId, limit, Number(nextCursor)));
  }

  #addLookup(invoked: number, completed: number): void {
    if (this.#sent.length === 0) return;
    const acted = this.#random.chance(0.5) ? this.#earlier(isAuthorization) : undefined;
    const picked = this.#random.pick(this.#sent.slice(-recentCount)).key;
    const id = acted?.transactionId ?? transactionIdFor(tenant, picked);
    const url = `/transactions/${id}`;
    const operation = this.#add({ invoked, completed, method: "GET", url });
    const at = this.#between(invoked, completed);
    this.#at(at, () => Object.assign(operation, this.#service.lookup(id)));
  }
}

/** The lines of a clean history. */
export function generateHistory(seed: number, shape: Shape): HistoryLine[] {
  return new Recording(seed, shape).record();
}
