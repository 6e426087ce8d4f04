// The drills that show that checks can fail: files of single objects are swapped for older copies, of
// a wallet, of a log shard, of both together. No object can notice that by looking at itself only.
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { prepareService, startWorkerd, type ServiceFolder } from "../../scripts/workerd.ts";
import { auditWallets } from "./audits.ts";
import { accountIn, auditBooks, databasesIn, shardIn } from "./books-on-disk.ts";
import { faultsIn } from "./log-faults.ts";
import { RecordingClient } from "./recording-client.ts";
import { scrubRound } from "./scrub-round.ts";

/** What SQLite keeps of one database. */
const parts = ["", "-journal", "-wal", "-shm"];

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
  // All of them, in copies: what a killed process leaves behind is rolled back when it is opened.
  const copies = join(folder, "all");
  cpSync(state, copies, { recursive: true });
  const wallets = databasesIn(join(copies, "Wallet"));
  const logs = databasesIn(join(copies, "TransferLog"));
  const wallet = wallets.find((path) => accountIn(path) === walletId);
  const log = logs.find((path) => shardIn(path) === shard);
  if (wallet === undefined || log === undefined) throw new Error("nothing to copy");
  return [copy("Wallet", wallet, folder), copy("TransferLog", log, folder)];
}

/** By which of these a swap is noticed: the auditor of the files, the audits of the given wallets, a
 *  round of the scrub. */
export interface Drill {
  readonly onDisk: boolean;
  readonly byAudit: boolean;
  readonly byScrub: boolean;
  /** Alerts of the service meanwhile, in the words of its log. */
  readonly alerts: readonly string[];
}

/** Works on a copy of the state. Nothing to swap is a drill, too: of a sound state. */
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
      rmSync(target + part, { force: true });
      if (existsSync(source)) copyFileSync(source, target + part);
    }
  }
  const onDisk = auditBooks(swapped.state).findings.length > 0;
  const running = await startWorkerd(swapped);
  try {
    const client = new RecordingClient(running.origin);
    const byAudit = (await auditWallets(client, wallets)).length > 0;
    const byScrub = (await scrubRound(client)).length > 0;
    return { onDisk, byAudit, byScrub, alerts: faultsIn(readFileSync(swapped.log, "utf8")) };
  } finally {
    await running.stop();
  }
}
