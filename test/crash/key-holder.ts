// API keys in the crash test: one client creates keys, uses them, revokes them and goes on using
// them. A key that was shown works until it is revoked; then only as long as an isolate may remember
// it, and not at all in an isolate that was started later. That time is shortened for this test.
import type { Operation } from "../history/format.ts";
import type { Edit } from "../planted/planted-fault.ts";
import type { Random } from "../history/random.ts";
import { isFinal, type RecordingClient } from "./recording-client.ts";
import { pause } from "./pause.ts";

const usePauseMs = 100;
const retryPauseMs = 60;
/** Of each key and of an older one; the key is revoked before the last two. */
const usesPerKey = 6;
/** Its answer is 404 to a key that works. */
const unknownTransaction = "/transactions/txn_00000000000000000000000000";

/** The edge believes what it knows of a key for 2 s here, and for 3 s where the ring is silent, and
 *  not for 30 and 45: lives are short, and so is the test. */
export const shortKeyCache: readonly Edit[] = [
  ["keyCacheMaxMs = 30_000", "keyCacheMaxMs = 2_000"],
  ["keyCacheBridgeMaxMs = 45_000", "keyCacheBridgeMaxMs = 3_000"],
].map(([find = "", replace = ""]) => ({
  name: "short-key-cache",
  file: "src/domain/limits.ts",
  find,
  replace,
}));
/** The longer of the two, and a little for the fractions of clocks, in ms. */
const revokedWithinMs = 3_100;

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
  readonly #random: Random;
  readonly #uses: { readonly key: HeldKey; readonly operation: Operation }[] = [];
  #stopped = false;

  /** `use`: a client that presents this key. */
  constructor(client: RecordingClient, use: (key: string) => RecordingClient, random: Random) {
    this.#client = client;
    this.#use = use;
    this.#random = random;
  }

  get uses(): number {
    return this.#uses.length;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One key after the other, until it is stopped; then one more, in the process that lives to the
   *  end: there, what is remembered of a key has time to age. */
  async run(up: () => Promise<void>): Promise<void> {
    let count = 0;
    while (!this.#stopped) await this.#lifeOf(count++, up);
    await this.#lifeOf(count, up);
  }

  async #lifeOf(count: number, up: () => Promise<void>): Promise<void> {
    await this.#create(count, up);
    for (let use = 0; use < usesPerKey; use++) {
      if (use === usesPerKey - 2) await this.#revoke(up);
      const newest = this.keys.at(-1);
      if (newest) await this.#try(newest, up);
      if (newest) await this.#try(this.#random.pick(this.keys), up);
      await pause(usePauseMs);
    }
  }

  async #create(count: number, up: () => Promise<void>): Promise<void> {
    const request = { name: `Key ${count}`, scopes: ["transactions:read"] };
    await up();
    const answer = await this.#client.post({ url: "/admin/keys", key: `key-${count}`, request });
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

  /** After everything, and long after the last revocation: each key once more. */
  async tryAll(): Promise<void> {
    for (const key of this.keys) await this.#try(key, async () => {});
  }

  /** `startedAt`: when the service answered again after each start (wall clock, ms). */
  judge(startedAt: readonly number[]): string[] {
    const findings: string[] = [];
    let refused = 0;
    for (const { key, operation } of this.#uses) {
      const { status, invoked, completed } = operation;
      const { id, revokedFrom = Infinity, revokedAt = Infinity } = key;
      const restartedAt = startedAt.find((time) => time > revokedAt) ?? Infinity;
      const refusedFrom = Math.min(revokedAt + revokedWithinMs, restartedAt);
      if (status === 401 && completed < revokedFrom) findings.push(`${id} is refused, not revoked`);
      if (status === 401 && invoked > refusedFrom) refused += 1;
      if (status === 404 && invoked > refusedFrom) {
        const restarted = restartedAt < invoked ? ", and a restart" : "";
        const age = Math.round(invoked - revokedAt);
        findings.push(`${id} works ${age} ms after its revocation${restarted}`);
      }
    }
    if (refused === 0) findings.push("no revoked API key was ever refused");
    return findings;
  }
}
