// Freezes in the crash test: one client freezes and thaws a wallet of its own again and again, each
// act until it is answered, so that it is known when the wallet was surely frozen, and when it may
// have been. After each act it pays from the wallet; what it and others were answered must fit.
import { askedAt, readAsked, takesFrom } from "../operations/all.ts";
import type { Operation } from "../history/format.ts";
import { isFinal, type RecordingClient } from "./recording-client.ts";
import { pause } from "./pause.ts";

const actPauseMs = 300;
const retryPauseMs = 60;

/** An act, from its first request to its final answer (wall clock, ms). */
interface Act {
  readonly frozen: boolean;
  readonly invoked: number;
  readonly completed: number;
  readonly answer: Operation;
}

export class Freezer {
  readonly acts: Act[] = [];
  readonly #client: RecordingClient;
  readonly #walletId: string;
  readonly #pay: (turn: number) => Promise<unknown>;
  #stopped = false;

  /** `pay`: one transfer from the wallet, answered or not. */
  constructor(client: RecordingClient, walletId: string, pay: (turn: number) => Promise<unknown>) {
    this.#client = client;
    this.#walletId = walletId;
    this.#pay = pay;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Until it is stopped; the last act is finished, and the wallet thawed. */
  async run(up: () => Promise<void>): Promise<void> {
    for (let turn = 0; !this.#stopped || turn % 2 === 1; turn++) {
      this.acts.push(await this.#act(turn, up));
      await this.#pay(turn);
      await pause(actPauseMs);
    }
  }

  #write(turn: number) {
    const url = `/wallets/${this.#walletId}/freezes`;
    const request = { frozen: turn % 2 === 0, reason: `turn ${turn}` };
    return { url, key: `freeze-${turn}`, request };
  }

  async #act(turn: number, up: () => Promise<void>): Promise<Act> {
    const write = this.#write(turn);
    let invoked: number | undefined;
    for (;;) {
      await up();
      const answer = await this.#client.post(write);
      invoked ??= answer.invoked;
      if (isFinal(answer)) {
        return { frozen: write.request.frozen, invoked, completed: answer.completed, answer };
      }
      await pause(retryPauseMs);
    }
  }

  /** Every act once more: the same bytes as the first time. */
  async replay(): Promise<string[]> {
    const findings: string[] = [];
    for (const [turn, { answer }] of this.acts.entries()) {
      const again = await this.#client.post(this.#write(turn));
      if (again.status === answer.status && again.body === answer.body) continue;
      findings.push(`freeze-${turn} was answered ${answer.body} and later ${again.body}`);
    }
    return findings;
  }

  /** Debits of the wallet that were taken while it was surely frozen, or refused while it surely was
   *  not. */
  judge(operations: readonly Operation[]): string[] {
    const findings: string[] = [];
    const firstSent = new Map<string, number>();
    for (const { key, url, request, status, body, invoked, completed } of operations) {
      if (key === undefined) continue;
      // What ends or reverses another is not stopped by a freeze: it is not read without that one.
      const asked = readAsked(askedAt(url), request);
      if (!asked || !takesFrom(this.#walletId, asked)) continue;
      const since = firstSent.get(key) ?? invoked;
      firstSent.set(key, since);
      if (status === 201 && this.#wasFrozen(since, completed)) {
        findings.push(`${key} took money from a frozen wallet`);
      }
      const refused = status === 422 && body?.includes('"wallet_frozen"') === true;
      if (refused && !this.#mayHaveBeenFrozen(since, completed)) {
        findings.push(`${key} is refused as frozen, and the wallet was not`);
      }
    }
    return findings;
  }

  #wasFrozen(from: number, to: number): boolean {
    return this.acts.some(({ frozen, completed }, index) => {
      const thawedAt = this.acts[index + 1]?.invoked ?? Infinity;
      return frozen && completed < from && to < thawedAt;
    });
  }

  #mayHaveBeenFrozen(from: number, to: number): boolean {
    return this.acts.some(({ frozen, invoked }, index) => {
      const thawedBy = this.acts[index + 1]?.completed ?? Infinity;
      return frozen && invoked < to && thawedBy > from;
    });
  }
}
