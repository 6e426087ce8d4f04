// The network between objects, and between clients and objects: every call is a request and a reply
// that can each be lost, slow or out of order; requests can also come twice, soon or very late.
import type { Vote } from "../../src/domain/protocol/vote.ts";
import type { LegCall } from "../../src/durable-objects/account/contract.ts";
import { protocolVersions } from "../../src/durable-objects/rpc/contract.ts";
import { CallFailed } from "../../src/durable-objects/rpc/stubs.ts";
import type { Faults } from "./faults.ts";
import type { Random, Range } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

const latencyMs: Range = [0.3, 12];
const slowLatencyMs: Range = [500, 8_000];
const outageMs: Range = [1_000, 120_000];
const lateMs: Range = [5_000, 600_000];

export type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** One that makes calls. Where it is not alive any more, no answer reaches it. */
export interface Caller {
  readonly name: string;
  isAlive(): boolean;
  /** Lets a message out as soon as everything that was written before it is durable. */
  send(message: () => void): void;
}

/** One that is called. `answer` is called at most once, and never by an instance that crashed. */
export interface Callee {
  readonly name: string;
  receive(request: Request, answer: (outcome: Outcome) => void): void;
}

export interface Request {
  readonly id: number;
  readonly to: Callee;
  readonly method: string;
  /** The argument as JSON: what is sent is a copy. */
  readonly body: string;
}

/** A call that arrived with an unknown protocol version, and what it was answered. */
export interface UnknownProtocolCall {
  readonly method: string;
  readonly answer: unknown;
}

/** The method of a call that was refused for its version, and who did so. */
export interface Misunderstood {
  readonly method: string;
  readonly by: string;
}

/** Whether an answer says that it is none: the version of the call is not known. */
function isUnknownVersion(answer: unknown): boolean {
  const { reason, problem } = (answer ?? {}) as { reason?: string; problem?: string };
  return (reason ?? problem) === "protocol_version";
}

/** What an object said to a hold, in the order in which it said so. */
export interface CastVote {
  readonly transactionId: string;
  readonly account: string;
  readonly vote: Vote;
  /** The step in which the hold arrived. */
  readonly arrivedAt: number;
}

/** A hold that has arrived at an account and is not answered. */
export type Arrival = Omit<CastVote, "vote">;

/** The transaction that a hold is of; undefined for other calls. */
function heldBy({ method, body }: Request): string | undefined {
  return method === "hold" ? (JSON.parse(body) as LegCall).posting.transactionId : undefined;
}

const versioned: readonly string[] = ["hold", "post", "release", "ask"];

export class Network {
  /** What left its sender. A request that a crash caught behind the output gate never did. */
  readonly sent: Request[] = [];
  readonly unknownProtocolCalls: UnknownProtocolCall[] = [];
  /** Calls of a release, as it sent them. */
  readonly misunderstood: Misunderstood[] = [];
  readonly votes: CastVote[] = [];
  readonly arrivals = new Set<Arrival>();
  #requests = 0;
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #random: Random;
  /** Until when an object cannot be reached. */
  readonly #outages = new Map<Callee, number>();

  constructor(scheduler: Scheduler, faults: Faults, random: Random) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#random = random;
  }

  /** Rejects with CallFailed; or never settles, when the request or its reply is lost. */
  call<T>(from: Caller, to: Callee, method: string, argument: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const body = JSON.stringify(argument);
      const request = { id: this.#requests++, to, method, body };
      const settle = (outcome: Outcome) => {
        if (!from.isAlive()) return;
        if ("value" in outcome) resolve(outcome.value as T);
        else reject(outcome.error);
      };
      from.send(() => this.#transmit(request, from, settle));
    });
  }

  /** The request arrives once more; its answer reaches no caller. */
  deliverAgain(request: Request, delayMs: number): void {
    this.#deliver(request, delayMs, "again", (outcome, arrivedAt) =>
      this.#observe(request, outcome, arrivedAt),
    );
  }

  /** The callee crashed before it answered: the caller may be told, or not. */
  breakOff(answer: (outcome: Outcome) => void): void {
    if (this.#random.chance(0.5)) answer(this.#failure("unreachable", "the object was reset"));
  }

  #transmit(request: Request, from: Caller, settle: (outcome: Outcome) => void): void {
    this.sent.push(request);
    if (this.#faults.strikes("overloaded")) {
      this.#reply(request, from, settle, this.#failure("overloaded", "too much load"));
      return;
    }
    if (this.#isOut(request.to) || this.#faults.strikes("request_lost")) {
      if (this.#random.chance(0.5)) {
        this.#reply(request, from, settle, this.#failure("unreachable", "network lost"));
      }
      return;
    }
    if (this.#faults.strikes("request_duplicated")) this.deliverAgain(request, this.#latency());
    if (this.#faults.strikes("request_late")) {
      this.deliverAgain(request, this.#random.scaled(...lateMs));
    }
    const answer = (outcome: Outcome, arrivedAt: number) => {
      this.#observe(request, outcome, arrivedAt);
      this.#answer(request, from, settle, outcome);
    };
    if (versioned.includes(request.method) && this.#faults.strikes("unknown_protocol")) {
      const call = { ...JSON.parse(request.body), protocol: protocolVersions.own + 1 } as object;
      const newer = { ...request, body: JSON.stringify(call) };
      this.#deliver(newer, this.#latency(), "with an unknown protocol", (outcome) => {
        const { method } = request;
        if ("value" in outcome) this.unknownProtocolCalls.push({ method, answer: outcome.value });
        this.#answer(request, from, settle, outcome);
      });
      return;
    }
    this.#deliver(request, this.#latency(), "", answer);
  }

  #isOut(callee: Callee): boolean {
    const { now } = this.#scheduler;
    if (this.#faults.strikes("outage")) {
      this.#scheduler.note(`${callee.name} cannot be reached`);
      this.#outages.set(callee, now + this.#random.scaled(...outageMs));
    }
    return this.#faults.active && now < (this.#outages.get(callee) ?? 0);
  }

  #observe(request: Request, outcome: Outcome, arrivedAt: number): void {
    if (!("value" in outcome)) return;
    if (isUnknownVersion(outcome.value)) {
      this.misunderstood.push({ method: request.method, by: request.to.name });
    }
    const transactionId = heldBy(request);
    if (transactionId === undefined) return;
    const vote = outcome.value as Vote;
    this.votes.push({ transactionId, account: request.to.name, vote, arrivedAt });
  }

  /** Returns what to do when it is answered. */
  #arrives(request: Request): () => void {
    const transactionId = heldBy(request);
    if (transactionId === undefined) return () => {};
    const arrivedAt = this.#scheduler.step;
    const arrival = { transactionId, account: request.to.name, arrivedAt };
    this.arrivals.add(arrival);
    return () => this.arrivals.delete(arrival);
  }

  #deliver(
    request: Request,
    delayMs: number,
    how: string,
    answer: (outcome: Outcome, arrivedAt: number) => void,
  ): void {
    const { id, to, method, body } = request;
    const what = `${to.name} <- #${id} ${method} ${how && `(${how}) `}${body}`;
    this.#scheduler.schedule(delayMs, what, () => {
      const arrivedAt = this.#scheduler.step;
      const leave = this.#arrives(request);
      to.receive(request, (outcome) => {
        leave();
        answer(outcome, arrivedAt);
      });
    });
  }

  /** An exception that a method throws reaches the caller without what it was. */
  #answer(
    request: Request,
    from: Caller,
    settle: (outcome: Outcome) => void,
    outcome: Outcome,
  ): void {
    const error = "error" in outcome ? outcome.error : undefined;
    const failed = error !== undefined && !(error instanceof CallFailed);
    const sent = failed ? this.#failure("broken", error) : outcome;
    if (this.#faults.strikes("reply_lost")) {
      if (this.#random.chance(0.5)) return;
      this.#reply(request, from, settle, this.#failure("unreachable", "connection lost"));
      return;
    }
    this.#reply(request, from, settle, sent);
  }

  #reply(
    request: Request,
    from: Caller,
    settle: (outcome: Outcome) => void,
    outcome: Outcome,
  ): void {
    const body = "value" in outcome ? JSON.stringify(outcome.value) : undefined;
    const shown = "error" in outcome ? String(outcome.error) : body;
    const what = `${from.name} <= #${request.id} ${request.method} of ${request.to.name} ${shown}`;
    const received = body === undefined ? outcome : { value: JSON.parse(body) as unknown };
    this.#scheduler.schedule(this.#latency(), what, () => settle(received));
  }

  #failure(failure: CallFailed["failure"], cause: unknown): Outcome {
    return { error: new CallFailed(failure, cause) };
  }

  #latency(): number {
    const range: Range = this.#faults.strikes("slow_message") ? slowLatencyMs : latencyMs;
    return this.#random.between(...range);
  }
}
