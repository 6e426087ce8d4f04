// The service's own audit of each wallet, and the drill that shows it can fail: one wallet's SQLite
// file is swapped for an older copy, which no single object can notice by looking at itself only.
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { prepareService, startWorkerd, type ServiceFolder } from "../../scripts/workerd.ts";
import { accountIn, auditBooks, databasesIn } from "./books-on-disk.ts";
import { bodyOf, RecordingClient } from "./recording-client.ts";

/** What SQLite keeps of one database. */
const parts = ["", "-wal", "-shm"];

/** A wallet that is not found consistent, and what the audit says of it. */
export async function auditWallets(
  client: RecordingClient,
  wallets: readonly string[],
): Promise<string[]> {
  const findings: string[] = [];
  for (const walletId of wallets) {
    const answer = await client.get(`/wallets/${walletId}/audit`);
    const { status } = bodyOf(answer) as { status: string };
    if (status !== "consistent") findings.push(`audit of ${walletId}: ${answer.body}`);
  }
  return findings;
}

/** Copies of one wallet's files, made while the service was dead. */
export interface OldCopy {
  readonly walletId: string;
  /** The file's name, which is the object's id. */
  readonly name: string;
  readonly folder: string;
}

export function copyWallet(
  service: ServiceFolder,
  walletId: string,
  folder: string,
): OldCopy | undefined {
  const path = databasesIn(join(service.state, "Wallet")).find(
    (file) => accountIn(file) === walletId,
  );
  if (path === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const name = basename(path);
  for (const part of parts) {
    if (existsSync(path + part)) copyFileSync(path + part, join(folder, name + part));
  }
  return { walletId, name, folder };
}

export interface Drill {
  readonly onDisk: boolean;
  readonly byAudit: boolean;
}

/** Whether the swap is noticed: by the auditor of the files, who must, and by the wallet's own
 *  audit, which knows only what the copy has. Works on a copy of the state. */
export async function drillSwappedFile(
  service: ServiceFolder,
  old: OldCopy,
  folder: string,
): Promise<Drill> {
  const swapped = await prepareService(folder);
  cpSync(service.state, swapped.state, { recursive: true });
  const target = join(swapped.state, "Wallet", old.name);
  for (const part of parts) {
    const source = join(old.folder, old.name + part);
    if (existsSync(source)) copyFileSync(source, target + part);
  }
  const { findings } = auditBooks(swapped.state);
  const onDisk = findings.some((finding) => finding.includes(old.walletId));

  const running = await startWorkerd(swapped);
  try {
    const byAudit = await auditWallets(new RecordingClient(running.origin), [old.walletId]);
    return { onDisk, byAudit: byAudit.length > 0 };
  } finally {
    await running.stop();
  }
}
