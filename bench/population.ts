// The wallets that a run works on: a thousand funded ones, opened over HTTP as any client would,
// and on demand big ones, whose ledgers are written into their files while the service is down.
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { ServiceFolder, Workerd } from "../scripts/workerd.ts";
import { writeLedger } from "./big-wallet.ts";
import { headersOf, inParallel, type Operation } from "./load.ts";
import { start } from "./start.ts";

const walletCount = 1_000;

/** Minor units that every wallet starts with: no run can spend it. */
const firstFunding = 1_000_000_000;

const seedersAtOnce = 32;
const repeatsMax = 60;
const repeatPauseMs = 1_000;

export interface BigWallet {
  readonly entries: number;
  readonly walletId: string;
}

export interface Population {
  readonly wallets: readonly string[];
  readonly big: readonly BigWallet[];
  /** What the big wallets were seeded with: no other account has the other side of it. */
  readonly oneSided: number;
  /** What all wallets hold together, in minor units. */
  total: number;
}

/** A write until its outcome is known, as a client has to: the same key again after 202 and 5xx. */
export async function perform(origin: string, operation: Operation): Promise<unknown> {
  const { method, path, body = null } = operation;
  for (let repeat = 0; repeat < repeatsMax; repeat++) {
    const headers = headersOf(operation);
    const response = await fetch(origin + path, { method, headers, body }).catch(() => undefined);
    const text = await response?.text();
    if (response?.status === 200 || response?.status === 201) return JSON.parse(text ?? "");
    if (response && response.status >= 400 && response.status < 500) {
      throw new Error(`${path}: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, repeatPauseMs));
  }
  throw new Error(`${path}: no outcome`);
}

async function openWallet(origin: string): Promise<string> {
  const body = JSON.stringify({ name: "Bench" });
  const opening: Operation = { method: "POST", path: "/users", key: randomUUID(), body };
  return ((await perform(origin, opening)) as { walletId: string }).walletId;
}

export function funding(walletId: string, amount: number): Operation {
  const body = JSON.stringify({ walletId, amount, paymentReference: randomUUID() });
  return {
    method: "POST",
    path: "/transactions/fund",
    key: randomUUID(),
    body,
    inflow: amount,
  };
}

export function transfer(fromWalletId: string, toWalletId: string): Operation {
  const body = JSON.stringify({ fromWalletId, toWalletId, amount: 1 });
  return { method: "POST", path: "/transactions/transfer", key: randomUUID(), body };
}

/** Opens a wallet and returns the new file that its object got. */
async function openWithFile(origin: string, state: string) {
  const files = () => readdirSync(join(state, "Wallet")).filter((name) => name.endsWith(".sqlite"));
  const before = new Set(files());
  const walletId = await openWallet(origin);
  const created = files().filter((name) => !before.has(name) && name !== "metadata.sqlite");
  if (created.length !== 1) throw new Error("which file is the wallet's?");
  return { walletId, file: join(state, "Wallet", created[0]!) };
}

/** Big wallets, on a fresh folder; leaves the service stopped. */
async function createBigWallets(folder: ServiceFolder, sizes: readonly number[]) {
  const service = await start(folder);
  await openWallet(service.origin);
  const opened: (BigWallet & { readonly file: string })[] = [];
  for (const entries of sizes) {
    opened.push({ entries, ...(await openWithFile(service.origin, folder.state)) });
  }
  await service.stop();
  return opened.map(({ entries, walletId, file }) => ({
    entries,
    walletId,
    total: writeLedger(file, walletId, entries),
  }));
}

/** A thousand funded wallets, over HTTP, and what they hold together. */
export async function openAndFund(
  origin: string,
): Promise<{ readonly wallets: readonly string[]; readonly total: number }> {
  const each = Array.from({ length: walletCount });
  const wallets = await inParallel(each, seedersAtOnce, () => openWallet(origin));
  await inParallel(wallets, seedersAtOnce, (walletId) =>
    perform(origin, funding(walletId, firstFunding)),
  );
  return { wallets, total: walletCount * firstFunding };
}

/** Starts the service with everything that the scenarios need. */
export async function populate(
  folder: ServiceFolder,
  bigSizes: readonly number[],
  flags?: readonly string[],
): Promise<{ readonly service: Workerd; readonly population: Population }> {
  const big = bigSizes.length > 0 ? await createBigWallets(folder, bigSizes) : [];
  const service = await start(folder, flags);
  const { wallets, total } = await openAndFund(service.origin);
  const oneSided = big.reduce((sum, one) => sum + one.total, 0);
  return { service, population: { wallets, big, oneSided, total: total + oneSided } };
}

/** Every object of the floor, used once: it creates its table then, which no scenario shall pay. */
export async function warmFloor(origin: string, wallets: readonly string[]): Promise<void> {
  const operations = wallets.flatMap((walletId, index) => {
    const shard = (index % 256).toString(16).padStart(2, "0");
    const next = wallets[(index + 1) % wallets.length]!;
    const inShard = (one: Operation) => ({ ...one, key: `${shard}${randomUUID().slice(2)}` });
    return [inShard(transfer(walletId, next)), inShard(funding(walletId, 1))];
  });
  await inParallel(operations, seedersAtOnce, (operation) => perform(origin, operation));
}
