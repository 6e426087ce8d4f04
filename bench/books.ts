// The check that ends every row: what all wallets hold together, asked over HTTP, is what was paid
// in. And the check that ends a run: the files of all objects, read once the service is down.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inParallel } from "./load.ts";
import type { Population } from "./population.ts";

const readersAtOnce = 32;
const settleMaxMs = 60_000;
const settlePollMs = 100;

async function readJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()) as Body;
}

/** Waits until no shard of the log has an open transaction. */
export async function settleAll(origin: string): Promise<void> {
  const deadline = Date.now() + settleMaxMs;
  while (Date.now() < deadline) {
    const { data, unreachableShards } = await readJson<{
      data: unknown[];
      unreachableShards: number;
    }>(`${origin}/ops/unsettled`);
    if (data.length === 0 && unreachableShards === 0) return;
    await new Promise((resolve) => setTimeout(resolve, settlePollMs));
  }
  throw new Error("some transactions did not settle");
}

/** What all wallets hold together, in minor units; nothing may be in flight. */
export async function heldByWallets(origin: string, population: Population): Promise<number> {
  const walletIds = [...population.wallets, ...population.big.map(({ walletId }) => walletId)];
  const amounts = await inParallel(walletIds, readersAtOnce, async (walletId) => {
    const url = `${origin}/wallets/${walletId}/balance`;
    const { balance, available } = await readJson<{ balance: number; available: number }>(url);
    if (balance !== available) throw new Error(`${walletId} has held money at rest`);
    return balance;
  });
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

function sumOf(file: string): { readonly net: bigint; readonly open: number } {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const net = database
      .prepare(
        `SELECT total(CASE direction WHEN 'credit' THEN amount >> 26 ELSE -(amount >> 26) END)
           AS high, total(CASE direction WHEN 'credit' THEN amount & 67108863
           ELSE -(amount & 67108863) END) AS low FROM entries`,
      )
      .get() as { high: number; low: number };
    const held = database.prepare("SELECT count(*) AS open FROM legs WHERE open = 1").get();
    const { open } = held as { open: number };
    return { net: BigInt(net.high) * 67_108_864n + BigInt(net.low), open };
  } finally {
    database.close();
  }
}

/** Credits less debits over the files of all accounts, and their open legs: both must be 0, but for
 *  the ledgers that were seeded with no other side. */
export function sumOfFiles(state: string): { readonly net: bigint; readonly open: number } {
  let net = 0n;
  let open = 0;
  for (const folder of ["Wallet", "ExternalAccount"]) {
    const files = readdirSync(join(state, folder)).filter((name) =>
      /^[0-9a-f]+\.sqlite$/.test(name),
    );
    for (const file of files) {
      const sum = sumOf(join(state, folder, file));
      net += sum.net;
      open += sum.open;
    }
  }
  return { net, open };
}
