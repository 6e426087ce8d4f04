// What the clients of the crash test do, from a seed: writes (drawing.ts), reads (watching.ts),
// replays. After a failure a client repeats the same key until it gets a final answer, or abandons
// it and leaves the transaction to the service.
import { logShardOf, transactionIdFor } from "../../src/domain/ids.ts";
import type { Operation } from "../history/format.ts";
import { Random } from "../history/random.ts";
import { batchPath, isAuthorization, isReversible } from "../operations/all.ts";
import { Asked, drawBatch, drawWallet, drawWrite } from "./drawing.ts";
import { pause } from "./pause.ts";
import { drawRaces } from "./races.ts";
import {
  batchOf,
  bodyOf,
  isFinal,
  untilFinal,
  writeOf,
  type RecordingClient,
  type Write,
} from "./recording-client.ts";
import { lookAtWallets, readHistory, watchUntil } from "./watching.ts";

const walletCount = 20;
/** The share of unknown outcomes that are not asked about until the end. */
const abandonedShare = 0.4;
/** Transfers that are sent at once, so that a kill finds many of them half done. */
const volleySize = 16;
/** How many of them are in a batch, where they are sent so. */
const volleyBatch = 4;
/** Authorizations whose ends race, and transactions whose reversals do. */
const racedCount = 4;
/** Of what clients ask for. */
const batchShare = 0.1;
const thinkMaxMs = 12;
const retryPauseMs = 40;

export class Workload {
  readonly wallets: string[] = [];
  /** Every write that was ever sent, by key. */
  readonly writes = new Map<string, Write>();
  readonly #asked: Asked;
  /** Keys whose outcome was unknown at some time; true: abandoned by its client. */
  readonly unknown = new Map<string, boolean>();
  readonly #client: RecordingClient;
  readonly #tenant: string;
  readonly #seed: number;
  #stopped = false;

  constructor(client: RecordingClient, tenant: string, seed: number) {
    this.#client = client;
    this.#tenant = tenant;
    this.#asked = new Asked(tenant);
    this.#seed = seed;
  }

  /** Opens the wallets and puts money into most of them. The service must be up. */
  async prepare(): Promise<void> {
    for (let index = 0; index < walletCount; index++) {
      const opening = { url: "/users", key: `user-${index}`, request: { name: `User ${index}` } };
      const { walletId } = (await this.#mustWrite(opening)) as { walletId: string };
      this.wallets.push(walletId);
      if (index % 4 === 3) continue;
      const paymentReference = `first-${index}`;
      const funding = { type: "funding", walletId, amount: 5_000, paymentReference } as const;
      await this.#mustWrite(writeOf(paymentReference, funding));
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
    const funding = { type: "funding", walletId: payer, amount: 2 } as const;
    const transfer = { type: "transfer", fromWalletId: payer, amount: 1 } as const;
    await this.#mustWrite(writeOf("last", { ...funding, paymentReference: "last" }));
    await this.#mustWrite(writeOf(this.#keyIn(true), { ...transfer, toWalletId: payee }));
    await this.#mustWrite(writeOf(this.#keyIn(false), { ...transfer, toWalletId: this.hottest }));
  }

  /** A key of a transaction in the oldest shard, or in another one. */
  #keyIn(oldest: boolean): string {
    const isIn = (key: string) =>
      logShardOf(transactionIdFor(this.#tenant, key)) === this.oldestShard;
    for (let count = 0; ; count++) if (isIn(`last-${count}`) === oldest) return `last-${count}`;
  }

  /** A transfer that is sent once: what became of it is left to the service. */
  async payOnce(key: string, fromWalletId: string, toWalletId: string): Promise<void> {
    const sent = { type: "transfer", fromWalletId, toWalletId, amount: 1 } as const;
    const answer = await this.#write(writeOf(key, sent));
    if (!isFinal(answer)) this.unknown.set(key, true);
  }

  /** Many writes at once: transfers between all wallets, or races for what was asked for lately.
   *  Where one is interrupted, its wallets are looked at. */
  async volley(name: string, up: () => Promise<void>): Promise<void> {
    const random = new Random(this.#seed + this.writes.size);
    const races = random.chance(0.5) ? this.#drawRaces(name, random) : [];
    const transfers = this.#drawTransfers(name, random);
    const plain = random.chance(0.5) ? transfers : this.#inBatches(name, transfers);
    const writes = races.length > 0 ? races : plain;
    await Promise.all(writes.map((write) => this.#volleyOne(write, random, up)));
  }

  async #volleyOne(write: Write, random: Random, up: () => Promise<void>): Promise<void> {
    const insists = random.chance(0.5);
    if (isFinal(await watchUntil(this.#client, write, this.#write(write)))) return;
    this.unknown.set(write.key, !insists);
    await up();
    await lookAtWallets(this.#client, write, random);
    if (insists) await this.#untilAnswered(write, up);
  }

  #drawTransfers(name: string, random: Random): Write[] {
    const from = random.integer(0, walletCount - 1);
    return Array.from({ length: volleySize }, (_, index) => {
      const place = (offset: number) => this.wallets[(from + index + offset) % walletCount] ?? "";
      const wallets = { fromWalletId: place(0), toWalletId: place(1) };
      return writeOf(`${name}-${index}`, { type: "transfer", ...wallets, amount: 1 });
    });
  }

  /** The same transfers, some at once. */
  #inBatches(name: string, writes: readonly Write[]): Write[] {
    const sent = writes.flatMap((write) => write.sent ?? []);
    return Array.from({ length: sent.length / volleyBatch }, (_, index) => {
      const items = sent.slice(index * volleyBatch, (index + 1) * volleyBatch);
      return batchOf(`${name}-batch-${index}`, items);
    });
  }

  #drawRaces(name: string, random: Random): Write[] {
    const authorizations = Array.from({ length: racedCount }, () => {
      return this.#asked.pick(random, isAuthorization) ?? [];
    });
    const reversed = Array.from({ length: racedCount }, () => {
      return this.#asked.pick(random, isReversible) ?? [];
    });
    return drawRaces(name, authorizations.flat(), reversed.flat());
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
        const material = { wallets: this.wallets, asked: this.#asked };
        const draw = random.chance(batchShare) ? drawBatch : drawWrite;
        await this.#insist(draw(random, material, { name, turn }), random, up);
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
    this.#asked.add(write);
    return this.#client.post(write);
  }

  /** While the network is calm: the body of the answer. */
  async #mustWrite(write: Write): Promise<unknown> {
    return bodyOf(await untilFinal(() => this.#write(write)));
  }

  async #insist(write: Write, random: Random, up: () => Promise<void>): Promise<void> {
    const abandons = random.chance(abandonedShare);
    if (isFinal(await this.#write(write))) return;
    this.unknown.set(write.key, abandons);
    await up();
    await lookAtWallets(this.#client, write, random);
    if (!abandons) await this.#untilAnswered(write, up);
  }

  async #untilAnswered(write: Write, up: () => Promise<void>): Promise<void> {
    do {
      await pause(retryPauseMs);
      await up();
    } while (!isFinal(await this.#client.post(write)) && !this.#stopped);
  }

  async #look(random: Random): Promise<void> {
    const { url, key } = this.#anyWrite(random);
    if (url === "/users" || url === batchPath) return;
    await this.#client.get(`/transactions/${transactionIdFor(this.#tenant, key)}`);
  }
}
