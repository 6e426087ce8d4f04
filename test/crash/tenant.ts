// One tenant of the crash test: its clients, and everything that is checked of it when the service
// has come to rest. Tenants use the same keys, names and references, and must never meet.
import { writeFileSync } from "node:fs";
import { checkHistory, type Verdict } from "../history/checker.ts";
import { collect, type HistoryLine } from "../history/format.ts";
import { auditWallets } from "./audits.ts";
import { Freezer } from "./freezes.ts";
import type { RecordingClient } from "./recording-client.ts";
import {
  readLedger,
  replayAll,
  resolutionsOf,
  waitUntilExpired,
  waitUntilSettled,
  type Resolution,
  type Settling,
} from "./settling.ts";
import { Workload } from "./workload.ts";

const defaultCurrency = "USD";
/** The wallet that is frozen and thawed: one of those that are poor. */
const frozenWallet = 5;

export interface Rest {
  readonly settling: Settling;
  readonly resolutions: readonly Resolution[];
  /** Keys without a final answer. */
  readonly open: number;
  readonly verdict: Verdict;
  readonly findings: readonly string[];
}

export class Tenant {
  readonly name: string;
  readonly client: RecordingClient;
  readonly workload: Workload;
  #freezer: Freezer | undefined;

  constructor(name: string, client: RecordingClient, seed: number) {
    this.name = name;
    this.client = client;
    this.workload = new Workload(client, name, seed);
  }

  async prepare(): Promise<void> {
    await this.workload.prepare();
    const [walletId = "", toWalletId = ""] = this.workload.wallets.slice(frozenWallet);
    const pay = (turn: number) => this.workload.payOnce(`freezer-${turn}`, walletId, toWalletId);
    this.#freezer = new Freezer(this.client, walletId, pay);
  }

  /** The number of freezes and thaws. */
  get acts(): number {
    return this.#freezer?.acts.length ?? 0;
  }

  start(clients: number, up: () => Promise<void>): Promise<unknown> {
    const running = Array.from({ length: clients }, (_, index) => this.workload.run(index, up));
    return Promise.all([...running, this.#freezer?.run(up)]);
  }

  stop(): void {
    this.workload.stop();
    this.#freezer?.stop();
  }

  /** Everything comes to rest; then every key is replayed and every ledger read and checked. */
  async settle(historyPath: string): Promise<Rest> {
    const { client, workload, name } = this;
    const settling = await waitUntilSettled(client);
    // A batch cannot be looked at without sending it again.
    const abandoned = [...workload.unknown]
      .filter(([key, left]) => left && workload.writes.get(key)?.items === undefined)
      .map(([key]) => key);
    const resolutions = await resolutionsOf(client, name, abandoned);
    await workload.leaveTraces();
    const open = await replayAll(client, workload.writes.values());
    const { unsettled } = await waitUntilExpired(client);
    const operations = client.operations.slice();
    const ledgers = await Promise.all(workload.wallets.map((id) => readLedger(client, id)));
    const findings = await auditWallets(client, workload.wallets);
    findings.push(...((await this.#freezer?.replay()) ?? []));
    findings.push(...(this.#freezer?.judge(operations) ?? []));
    for (const answer of open) findings.push(`no final answer to ${answer.key}: ${answer.body}`);
    for (const { method, url, status, body } of operations) {
      if (status === 500) findings.push(`${method} ${url}: ${body}`);
    }
    const history: HistoryLine[] = [
      { kind: "history", version: 1, tenant: name, defaultCurrency },
      ...operations,
      ...ledgers,
      { kind: "end", unsettled: [...settling.unsettled, ...unsettled] },
    ];
    writeFileSync(historyPath, history.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const verdict = checkHistory(collect(history));
    return { settling, resolutions, open: open.length, verdict, findings };
  }
}
