// What the clients of the crash test do, from a seed: fundings, transfers (hot wallets, rings,
// overdrafts, two currencies), reads, replays. After a failure a client repeats the same key until
// it gets the last word, or walks away and leaves the transaction to the service.
import { logShardOf, transactionIdFor } from "../../src/domain/ids.ts";
import type { Operation } from "../history/format.ts";
import { Random } from "../history/random.ts";
import { drawRequest, operationOf, walletsNamed } from "../operations/all.ts";
import {
  bodyOf,
  isFinal,
  untilFinal,
  type RecordingClient,
  type Write,
} from "./recording-client.ts";

const walletCount = 20;
const hotWallets = 3;
/** Poor wallets that pass most of what they have around in a ring: most debits race others. */
const ringStart = 10;
const ringLength = 4;
/** Turns in which clients fund with the same payment reference, so that they race for it. */
const turnsPerReference = 6;
/** The share of unknown outcomes that nobody asks about until the end. */
const abandonedShare = 0.4;
/** Transfers that are sent at once, so that a kill finds many of them half done. */
const volleySize = 16;
const thinkMaxMs = 12;
const retryPauseMs = 40;

export class Workload {
  readonly wallets: string[] = [];
  /** Every write that was ever sent, by key. */
  readonly writes = new Map<string, Write>();
  /** Keys whose outcome was unknown at some time; true: abandoned by its client. */
  readonly unknown = new Map<string, boolean>();
  readonly #client: RecordingClient;
  readonly #tenant: string;
  readonly #seed: number;
  #stopped = false;

  constructor(client: RecordingClient, tenant: string, seed: number) {
    this.#client = client;
    this.#tenant = tenant;
    this.#seed = seed;
  }

  /** Opens the wallets and puts money into most of them. The service must be up. */
  async prepare(): Promise<void> {
    for (let index = 0; index < walletCount; index++) {
      const opening = { url: "/users", key: `user-${index}`, request: { name: `User ${index}` } };
      const { walletId } = (await this.#mustWrite(opening)) as { walletId: string };
      this.wallets.push(walletId);
      if (index % 4 === 3) continue;
      const request = { walletId, amount: 5_000, paymentReference: `first-${index}` };
      await this.#mustWrite({ url: "/transactions/fund", key: `first-${index}`, request });
    }
  }

  /** The wallet that most of the others deal with. */
  get hottest(): string {
    return this.wallets[0] ?? "";
  }

  /** The log shard of the first funding. */
  get oldestShard(): number {
    return logShardOf(transactionIdFor(this.#tenant, "first-0"));
  }

  /** What older copies cannot know, of the hottest wallet and of the oldest log shard, so that every
   *  check that has to miss something has something to miss: the audits of wallets, a transfer
   *  between two others in that shard; the scrub, a transfer to that wallet in another shard. */
  async leaveTraces(): Promise<void> {
    const [payer = "", payee = ""] = this.wallets.slice(-2);
    const funding = { walletId: payer, amount: 2, paymentReference: "last" };
    const transfer = { fromWalletId: payer, amount: 1 };
    const between = { ...transfer, toWalletId: payee };
    const toHottest = { ...transfer, toWalletId: this.hottest };
    const [inShard, elsewhere] = [this.#keyIn(true), this.#keyIn(false)];
    const url = "/transactions/transfer";
    await this.#mustWrite({ url: "/transactions/fund", key: "last", request: funding });
    await this.#mustWrite({ url, key: inShard, request: between });
    await this.#mustWrite({ url, key: elsewhere, request: toHottest });
  }

  /** A key of a transaction in the oldest shard, or in another one. */
  #keyIn(oldest: boolean): string {
    const isIn = (key: string) =>
      logShardOf(transactionIdFor(this.#tenant, key)) === this.oldestShard;
    for (let count = 0; ; count++) if (isIn(`last-${count}`) === oldest) return `last-${count}`;
  }

  /** A transfer that is sent once: what became of it is left to the service. */
  async payOnce(key: string, fromWalletId: string, toWalletId: string): Promise<void> {
    const request = { fromWalletId, toWalletId, amount: 1 };
    const answer = await this.#write({ url: "/transactions/transfer", key, request });
    if (!isFinal(answer)) this.unknown.set(key, true);
  }

  /** Transfers between all wallets at once. Where one is interrupted, its wallets are looked at. */
  async volley(name: string, up: () => Promise<void>): Promise<void> {
    const random = new Random(this.#seed + this.writes.size);
    const from = random.integer(0, walletCount - 1);
    const transfers = Array.from({ length: volleySize }, async (_, index) => {
      const place = (offset: number) => this.wallets[(from + index + offset) % walletCount] ?? "";
      const request = { fromWalletId: place(0), toWalletId: place(1), amount: 1 };
      const write = { url: "/transactions/transfer", key: `${name}-${index}`, request };
      if (isFinal(await this.#writeAndWatch(write))) return;
      this.unknown.set(write.key, true);
      await up();
      await this.#lookAtWallets(write, random);
    });
    await Promise.all(transfers);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One client, until the workload is stopped. `up` resolves when the service answers. */
  async run(client: number, up: () => Promise<void>): Promise<void> {
    const random = new Random(this.#seed * 1_000 + client);
    for (let turn = 0; !this.#stopped; turn++) {
      await up();
      await pause(random.next() * thinkMaxMs);
      const name = `${client}-${turn}`;
      const choice = random.next();
      if (choice < 0.6) await this.#insist(this.#newWrite(random, name, turn), random, up);
      else await this.#readOrReplay(random);
    }
  }

  async #readOrReplay(random: Random): Promise<void> {
    const choice = random.next();
    const walletId = this.#wallet(random);
    if (choice < 0.35) await this.#client.get(`/wallets/${walletId}/balance`);
    else if (choice < 0.6) await this.#readHistory(walletId, random);
    else if (choice < 0.75) await this.#look(random);
    else await this.#replay(random);
  }

  #wallet(random: Random): string {
    const hot = random.chance(0.5);
    return random.pick(hot ? this.wallets.slice(0, hotWallets) : this.wallets);
  }

  /** Whatever its client has abandoned is left to the service alone. */
  async #replay(random: Random): Promise<void> {
    const write = this.#anyWrite(random);
    if (this.unknown.get(write.key) !== true) await this.#client.post(write);
  }

  #anyWrite(random: Random): Write {
    const writes = [...this.writes.values()];
    return random.pick(random.chance(0.5) ? writes.slice(-40) : writes);
  }

  #newWrite(random: Random, name: string, turn: number): Write {
    const ring = random.chance(0.4);
    const poor = ring ? random.integer(2_500, 5_000) : random.integer(1, 1_500);
    let overdraft = false;
    const shared = `shared-${Math.floor(turn / turnsPerReference)}`;
    const { type, ...request } = drawRequest(random.next(), {
      wallet: () => this.#wallet(random),
      pair: () => {
        overdraft = random.chance(0.05);
        return this.#pair(random, ring);
      },
      payment: () => ({ paymentReference: random.chance(0.4) ? shared : `pay-${name}` }),
      details: () => ({
        amount: overdraft ? 1_000_000_000 : poor,
        ...(random.chance(0.2) && { currency: "EUR" }),
        ...(random.chance(0.2) && { description: `Turn ${name}, naïve` }),
        ...(random.chance(0.1) && { metadata: { order: name, "1": "first" } }),
      }),
    });
    return { url: operationOf({ type }).path, key: `${type}-${name}`, request };
  }

  #pair(random: Random, ring: boolean) {
    const place = random.integer(0, ringLength - 1);
    const inRing = (index: number) => this.wallets[ringStart + (index % ringLength)] ?? "";
    const fromWalletId = ring ? inRing(place) : this.#wallet(random);
    let toWalletId = ring ? inRing(place + 1) : this.#wallet(random);
    while (toWalletId === fromWalletId) toWalletId = random.pick(this.wallets);
    return { fromWalletId, toWalletId };
  }

  async #write(write: Write): Promise<Operation> {
    this.writes.set(write.key, write);
    return this.#client.post(write);
  }

  /** Until the answer comes the receiver and the sender are read in turn: one must not show what the
   *  other hides. */
  async #writeAndWatch(write: Write): Promise<Operation> {
    const wallets = walletsNamed(write.url, write.request).toReversed();
    const state = { answered: false };
    const sent = this.#write(write).finally(() => void (state.answered = true));
    for (let turn = 0; !state.answered; turn++) {
      await this.#client.get(`/wallets/${wallets[turn % wallets.length]}/balance`);
    }
    return await sent;
  }

  /** While the network is calm: the body of the answer. */
  async #mustWrite(write: Write): Promise<unknown> {
    return bodyOf(await untilFinal(() => this.#write(write)));
  }

  async #insist(write: Write, random: Random, up: () => Promise<void>): Promise<void> {
    const abandons = random.chance(abandonedShare);
    let answer = await this.#write(write);
    if (isFinal(answer)) return;
    this.unknown.set(write.key, abandons);
    await up();
    await this.#lookAtWallets(write, random);
    if (abandons) return;
    while (!isFinal(answer) && !this.#stopped) {
      await pause(retryPauseMs);
      await up();
      answer = await this.#client.post(write);
    }
  }

  /** One after the other, and back again: half a transfer would show, whichever half. */
  async #lookAtWallets({ url, request }: Write, random: Random): Promise<void> {
    const named = walletsNamed(url, request);
    if (named.length < 2) return;
    const order = random.chance(0.5) ? named : named.toReversed();
    for (const walletId of [...order, ...order.toReversed().slice(1)]) {
      await this.#client.get(`/wallets/${walletId}/balance`);
    }
  }

  async #readHistory(walletId: string, random: Random): Promise<void> {
    const url = `/transactions?walletId=${walletId}&limit=${random.integer(3, 60)}`;
    const page = await this.#client.get(url);
    if (page.status !== 200) return;
    const { nextCursor } = bodyOf(page) as { nextCursor: string | null };
    if (nextCursor !== null) {
      await this.#client.get(`${url}&cursor=${encodeURIComponent(nextCursor)}`);
    }
  }

  async #look(random: Random): Promise<void> {
    const { url, key } = this.#anyWrite(random);
    if (url === "/users") return;
    await this.#client.get(`/transactions/${transactionIdFor(this.#tenant, key)}`);
  }
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
