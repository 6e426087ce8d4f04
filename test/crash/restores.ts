// The drills that show that checks can fail: files of single objects are swapped for older copies, of
// a wallet, of a log shard, of both together. No object can notice that by looking at itself only.
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import { prepareService, startWorkerd, type ServiceFolder } from "../../scripts/workerd.ts";
import { auditWallets } from "./audits.ts";
import { accountIn, auditBooks, databasesIn, shardIn } from "./books-on-disk.ts";
import { RecordingClient } from "./recording-client.ts";

/** What SQLite keeps of one database. */
const parts = ["", "-wal", "-shm"];

/** A file of the service and the copy that was made of it while the service was dead. */
export interface OldCopy {
  readonly objectClass: "Wallet" | "TransferLog";
  /** The file's name, which is the object's id. */
  readonly name: string;
  readonly folder: string;
}

function copy(objectClass: OldCopy["objectClass"], path: string, folder: string): OldCopy {
  mkdirSync(folder, { recursive: true });
  const name = basename(path);
  for (const part of parts) {
    if (existsSync(path + part)) copyFileSync(path + part, join(folder, name + part));
  }
  return { objectClass, name, folder };
}

/** Copies of a wallet and of a log shard: what a careless restore would put back. */
export function copyOld(
  { state }: ServiceFolder,
  walletId: string,
  shard: number,
  folder: string,
): OldCopy[] {
  const wallets = databasesIn(join(state, "Wallet"));
  const logs = databasesIn(join(state, "TransferLog"));
  const wallet = wallets.find((path) => accountIn(path) === walletId);
  const log = logs.find((path) => shardIn(path) === shard);
  if (wallet === undefined || log === undefined) throw new Error("nothing to copy");
  return [copy("Wallet", wallet, folder), copy("TransferLog", log, folder)];
}

export interface Drill {
  readonly onDisk: boolean;
  readonly byAudit: boolean;
}

/** Whether the swap is noticed: by the auditor of the files, and by the audits of these wallets.
 *  Works on a copy of the state. */
export async function drillRestore(
  service: ServiceFolder,
  old: readonly OldCopy[],
  wallets: readonly string[],
  folder: string,
): Promise<Drill> {
  const swapped = await prepareService(folder);
  cpSync(service.state, swapped.state, { recursive: true });
  for (const { objectClass, name, folder: from } of old) {
    const target = join(swapped.state, objectClass, name);
    for (const part of parts) {
      const source = join(from, name + part);
      if (existsSync(source)) copyFileSync(source, target + part);
    }
  }
  const onDisk = auditBooks(swapped.state).findings.length > 0;
  const running = await startWorkerd(swapped);
  try {
    const byAudit = await auditWallets(new RecordingClient(running.origin), wallets);
    return { onDisk, byAudit: byAudit.length > 0 };
  } finally {
    await running.stop();
  }
}
