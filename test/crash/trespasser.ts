// One tenant that reaches for what is another's: it knows the ids of the other's wallets and
// transactions, reads them, pays into them, takes from them, and would end or reverse them. Every answer must be 404, as for what
// does not exist. Keeps its requests out of the histories: an effect of one would be found there.
import { transactionIdFor } from "../../src/domain/ids.ts";
import type { Operation } from "../history/format.ts";
import type { Random } from "../history/random.ts";
import type { RecordingClient } from "./recording-client.ts";
import type { Tenant } from "./tenant.ts";
import { pause } from "./pause.ts";

const turnPauseMs = 200;

export class Trespasser {
  readonly #client: RecordingClient;
  readonly #own: Tenant;
  readonly #other: Tenant;
  readonly #random: Random;
  #stopped = false;

  /** `client`: with the credential of `own`. */
  constructor(client: RecordingClient, own: Tenant, other: Tenant, random: Random) {
    this.#client = client;
    this.#own = own;
    this.#other = other;
    this.#random = random;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(up: () => Promise<void>): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      await up();
      await this.#reach(turn);
      await pause(turnPauseMs);
    }
  }

  async #reach(turn: number): Promise<void> {
    const { workload, name } = this.#other;
    const theirs = this.#random.pick(workload.wallets);
    const ours = this.#random.pick(this.#own.workload.wallets);
    const write = { key: `trespass-${turn}`, url: "/transactions/transfer" };
    const reaches = [
      () => this.#client.get(`/wallets/${theirs}/balance`),
      () => this.#client.get(`/transactions?walletId=${theirs}`),
      () => this.#client.get(`/transactions/${transactionIdFor(name, "first-0")}`),
      ...["reverse", "capture", "cancel"].map((act) => () => {
        const url = `/transactions/${transactionIdFor(name, "first-0")}/${act}`;
        return this.#client.post({ url, key: `${write.key}-${act}`, request: {} });
      }),
      () => this.#transfer(write, theirs, ours),
      () => this.#transfer(write, ours, theirs),
      () =>
        this.#client.post({
          ...write,
          url: "/transactions/fund",
          request: { walletId: theirs, amount: 1, paymentReference: write.key },
        }),
    ];
    await reaches[turn % reaches.length]?.();
  }

  #transfer(write: { key: string; url: string }, fromWalletId: string, toWalletId: string) {
    const request = { fromWalletId, toWalletId, amount: 1 };
    return this.#client.post({ ...write, request });
  }

  /** How many of its requests were refused as they have to be. */
  get refusals(): number {
    return this.#client.operations.filter(({ status }) => status === 404).length;
  }

  judge(): string[] {
    const findings = this.refusals > 0 ? [] : [`${this.#own.name} never reached for another's`];
    const isRight = ({ status }: Operation) =>
      status === null || status === 404 || status === 202 || status === 429 || status === 503;
    for (const operation of this.#client.operations.filter((one) => !isRight(one))) {
      const { method, url, request, status, body } = operation;
      const asked = `${method} ${url} ${JSON.stringify(request ?? {})}`;
      findings.push(`${this.#own.name} reached for another's: ${asked}: ${status} ${body}`);
    }
    return findings;
  }
}
