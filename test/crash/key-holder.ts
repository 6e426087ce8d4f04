// API keys in the crash test: one client creates keys, uses them, revokes them and goes on using
// them. A key that was shown works until it is revoked; a minute after that it works no more.
import type { Operation } from "../history/format.ts";
import { isFinal, type RecordingClient } from "./recording-client.ts";
import { pause } from "./workload.ts";

const turnPauseMs = 150;
const retryPauseMs = 60;
const turnsPerKey = 8;
/** Its answer is 404 to a key that works. */
const unknownTransaction = "/transactions/txn_00000000000000000000000000";
/** What the contract promises, and the time of one answer, in ms. */
const revokedWithinMs = 60_000;

interface HeldKey {
  readonly id: string;
  readonly text: string;
  /** When the revocation was first asked for, and answered (wall clock, ms). */
  revokedFrom?: number;
  revokedAt?: number;
}

export class KeyHolder {
  readonly keys: HeldKey[] = [];
  readonly #client: RecordingClient;
  readonly #use: (key: string) => RecordingClient;
  readonly #uses: { readonly key: HeldKey; readonly operation: Operation }[] = [];
  #stopped = false;

  /** `use`: a client that presents this key. */
  constructor(client: RecordingClient, use: (key: string) => RecordingClient) {
    this.#client = client;
    this.#use = use;
  }

  get uses(): number {
    return this.#uses.length;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(up: () => Promise<void>): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      if (turn % turnsPerKey === 0) await this.#create(turn, up);
      if (turn % turnsPerKey === turnsPerKey - 2) await this.#revoke(up);
      for (const key of [this.keys.at(-1), this.keys[0]]) if (key) await this.#try(key, up);
      await pause(turnPauseMs);
    }
  }

  async #create(turn: number, up: () => Promise<void>): Promise<void> {
    const request = { name: `Turn ${turn}`, scopes: ["transactions:read"] };
    await up();
    const answer = await this.#client.post({ url: "/admin/keys", key: `key-${turn}`, request });
    if (answer.status !== 201) return;
    const { id, apiKey } = JSON.parse(answer.body ?? "") as { id: string; apiKey?: string };
    if (apiKey !== undefined) this.keys.push({ id, text: apiKey });
  }

  async #revoke(up: () => Promise<void>): Promise<void> {
    const key = this.keys.at(-1);
    if (!key || key.revokedFrom !== undefined) return;
    for (;;) {
      await up();
      const answer = await this.#client.delete(`/admin/keys/${key.id}`);
      key.revokedFrom ??= answer.invoked;
      if (isFinal(answer)) {
        key.revokedAt = answer.completed;
        return;
      }
      await pause(retryPauseMs);
    }
  }

  async #try(key: HeldKey, up: () => Promise<void>): Promise<void> {
    await up();
    const operation = await this.#use(key.text).get(unknownTransaction);
    this.#uses.push({ key, operation });
  }

  /** After everything: each key once more. */
  async tryAll(): Promise<void> {
    for (const key of this.keys) await this.#try(key, async () => {});
  }

  judge(): string[] {
    const findings = this.#uses.length > 0 ? [] : ["no API key was ever used"];
    for (const { key, operation } of this.#uses) {
      const { status, invoked, completed } = operation;
      const { id, revokedFrom = Infinity, revokedAt = Infinity } = key;
      if (status === 401 && completed < revokedFrom) findings.push(`${id} is refused, not revoked`);
      if (status === 404 && invoked > revokedAt + revokedWithinMs) {
        findings.push(`${id} works ${Math.round(invoked - revokedAt)} ms after its revocation`);
      }
    }
    return findings;
  }
}
