// What the clients of the crash test do, from a seed: writes (drawing.ts), reads (watching.ts),
// replays. After a failure a client repeats the same key until it gets a final answer, or abandons
// it and leaves the transaction to the service.
import { logShardOf, transactionIdFor } from "../../src/domain/ids.ts";
import type { Operation } from "../history/format.ts";
import { Random } from "../history/random.ts";
import { drawWallet, drawWrite } from "./drawing.ts";
import { pause } from "./pause.ts";
import {
  bodyOf,
  isFinal,
  untilFinal,
  type RecordingClient,
  type Write,
} from "./recording-client.ts";
import { lookAtWallets, readHistory, watchUntil } from "./watching.ts";

const walletCount = 20;
/** The share of unknown outcomes that are not asked about until the end. */
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
      if (isFinal(await watchUntil(this.#client, write, this.#write(write)))) return;
      this.unknown.set(write.key, true);
      await up();
      await lookAtWallets(this.#client, write, random);
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
      if (random.next() < 0.6) {
        await this.#insist(drawWrite(random, this.wallets, { name, turn }), random, up);
      } else await this.#readOrReplay(random);
    }
  }

  async #readOrReplay(random: Random): Promise<void> {
    const choice = random.next();
    const walletId = drawWallet(random, this.wallets);
    if (choice < 0.35) await this.#client.get(`/wallets/${walletId}/balance`);
    else if (choice < 0.6) await readHistory(this.#client, walletId, random);
    else if (choice < 0.75) await this.#look(random);
    else await this.#replay(random);
  }

  /** A key that its client has abandoned is left to the service alone. */
  async #replay(random: Random): Promise<void> {
    const write = this.#anyWrite(random);
    if (this.unknown.get(write.key) !== true) await this.#client.post(write);
  }

  #anyWrite(random: Random): Write {
    const writes = [...this.writes.values()];
    return random.pick(random.chance(0.5) ? writes.slice(-40) : writes);
  }

  async #write(write: Write): Promise<Operation> {
    this.writes.set(write.key, write);
    return this.#client.post(write);
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
    await lookAtWallets(this.#client, write, random);
    if (abandons) return;
    while (!isFinal(answer) && !this.#stopped) {
      await pause(retryPauseMs);
      await up();
      answer = await this.#client.post(write);
    }
  }

  async #look(random: Random): Promise<void> {
    const { url, key } = this.#anyWrite(random);
    if (url === "/users") return;
    await this.#client.get(`/transactions/${transactionIdFor(this.#tenant, key)}`);
  }
}
