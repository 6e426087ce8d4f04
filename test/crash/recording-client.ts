// An HTTP client that records what it does as operations of a history. Keep-alive, plain fetch. It
// never throws for want of an answer: no answer is an outcome, too.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Operation } from "../history/format.ts";
import { batchPath, bodyOf as sentBodyOf, itemOf, pathOf } from "../operations/all.ts";
import { pause } from "./pause.ts";

/** Longer than any answer of the service takes (5 s, then 202). */
const answerMaxMs = 15_000;
const attemptsMax = 8;
const attemptPauseMs = 250;

/** Wall clock in ms, with fractions, that never steps back. */
export function wallClock(): number {
  return performance.timeOrigin + performance.now();
}

type Init = Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> };

export interface Write {
  readonly url: string;
  readonly key: string;
  readonly request: unknown;
  /** What it amounts to; absent where it moves no money. */
  readonly sent?: SentRequest;
  /** The same of a batch, item by item. */
  readonly items?: readonly SentRequest[];
}

export function writeOf(key: string, sent: SentRequest): Write {
  return { url: pathOf(sent), key, request: sentBodyOf(sent), sent };
}

export function batchOf(key: string, items: readonly SentRequest[]): Write {
  return { url: batchPath, key, request: { items: items.map((one) => itemOf(one)) }, items };
}

export class RecordingClient {
  readonly operations: Operation[] = [];
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** `credential`: what it presents; none where the service is open. */
  constructor(origin: string, credential?: string) {
    this.#origin = origin;
    this.#headers = credential === undefined ? {} : { authorization: `Bearer ${credential}` };
  }

  get(url: string): Promise<Operation> {
    return this.#record({ method: "GET", url }, {});
  }

  /** Not part of the history. */
  async delete(url: string): Promise<Operation> {
    const invoked = wallClock();
    const answer = await this.#fetch({ method: "DELETE", url }, {});
    const operation = { kind: "operation", method: "GET", url, invoked, ...answer } as const;
    return { ...operation, completed: wallClock() };
  }

  post({ url, key, request }: Write): Promise<Operation> {
    const headers = { "content-type": "application/json", "idempotency-key": key };
    const body = JSON.stringify(request);
    return this.#record({ method: "POST", url, key, request }, { headers, body });
  }

  async #record(
    asked: Pick<Operation, "method" | "url" | "key" | "request">,
    init: Init,
  ): Promise<Operation> {
    const invoked = wallClock();
    const answer = await this.#fetch(asked, init);
    const operation: Operation = {
      kind: "operation",
      invoked,
      completed: wallClock(),
      ...asked,
      ...answer,
    };
    this.operations.push(operation);
    return operation;
  }

  /** An answer that was cut off half-way is none. */
  async #fetch(
    { method, url }: { readonly method: string; readonly url: string },
    init: Init,
  ): Promise<Pick<Operation, "status" | "body">> {
    try {
      const signal = AbortSignal.timeout(answerMaxMs);
      const headers = { ...this.#headers, ...init.headers };
      const response = await fetch(this.#origin + url, { method, signal, ...init, headers });
      return { status: response.status, body: await response.text() };
    } catch {
      return { status: null };
    }
  }
}

/** Whether the answer to a write is the last word on its key. */
export function isFinal({ status }: Operation): boolean {
  return status !== null && status !== 202 && status !== 429 && status < 500;
}

/** Repeats a request until there is a final answer, where none is lost on purpose: a kept connection
 *  may still be closed at the moment it is used, and a machine be busy. */
export async function untilFinal(send: () => Promise<Operation>): Promise<Operation> {
  for (let attempt = 1; ; attempt++) {
    const answer = await send();
    if (isFinal(answer) || attempt === attemptsMax) return answer;
    await pause(attemptPauseMs);
  }
}

/** The body of an answer that must be there. */
export function bodyOf(operation: Operation): unknown {
  if (operation.status !== 200 && operation.status !== 201) {
    throw new Error(`${operation.method} ${operation.url}: ${operation.status} ${operation.body}`);
  }
  return JSON.parse(operation.body ?? "");
}
