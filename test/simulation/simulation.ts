// One seed, from the first request to the last check: a workload under faults, then no more faults,
// then everything has to settle, be answered the same again, and add up.
import {
  accountObjectName,
  keyRingObjectName,
  logObjectName,
  type AccountAddress,
} from "../../src/domain/ids.ts";
import type { Log } from "../../src/platform/log.ts";
import { AccountBook, Books, LogBook } from "./books.ts";
import { Client } from "./client.ts";
import { Faults, planFaults } from "./faults.ts";
import { History } from "./history.ts";
import { examine, type BrokenInvariant } from "./invariants/examine.ts";
import type { World } from "./invariants/invariant.ts";
import { isIncident } from "./invariants/platform.ts";
import { shards } from "./keys.ts";
import { Network, type Callee } from "./network.ts";
import { planKeys, type KeyStep } from "./key-plan.ts";
import type { Instance, InstanceParts, Platform } from "./platform.ts";
import {
  createExternal,
  createKeyRing,
  createLog,
  createWallet,
  type Directory,
} from "./production.ts";
import { Random } from "./random.ts";
import { isKept, watchRefusals, type Refused } from "./refusals.ts";
import { isKnownToPrevious, Releases } from "./releases.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedObject } from "./simulated-object.ts";
import { Trace } from "./trace.ts";
import { planWorkload, type Plan } from "./workload.ts";

export interface SimulationOptions {
  /** False: messages overtake the writes before them. To show what the gate is good for. */
  readonly outputGate?: boolean;
  /** `mixed`: every start of an object draws its release, the previous one or the current. */
  readonly releases?: "mixed" | "previous";
}

/** The first thing that went wrong. */
export interface Violation extends BrokenInvariant {
  readonly step: number;
}

const current = { createWallet, createExternal, createLog, createKeyRing };

/** How far clocks jump at most: so little that all decisions follow, too far for that, by hours. */
const clockJumpsMs = [20_000, 60_000, 6 * 60 * 60 * 1_000] as const;

/** All log shards that no key falls into: audits ask them too. */
const emptyLog: Callee = {
  name: "an empty log",
  receive: (_request, answer) => answer({ value: { legs: [], nextAfter: null } }),
};

export class Simulation implements Directory {
  readonly seed: number;
  readonly trace = new Trace();
  readonly scheduler = new Scheduler(this.trace);
  readonly plan: Plan;
  readonly keyPlan: readonly KeyStep[];
  readonly faults: Faults;
  readonly network: Network;
  readonly books = new Books();
  readonly history = new History();
  readonly incidents: string[] = [];
  readonly keyRings = new Map<number, SimulatedObject>();
  readonly misdated = new Set<string>();
  readonly comparisons: World["comparisons"][number][] = [];
  readonly refusals: Refused[] = [];
  violation: Violation | undefined;
  readonly #objects = new Map<string, SimulatedObject>();
  readonly #platform: Platform;
  readonly releases: Releases | undefined;
  readonly #faultRandom: Random;
  readonly #clientRandom: Random;
  #clients = 0;
  #checkedAnswers = 0;
  #checkedRefusals = 0;

  constructor(seed: number, options: SimulationOptions = {}) {
    this.seed = seed;
    const { scheduler } = this;
    const isKnown = options.releases ? isKnownToPrevious : undefined;
    this.plan = planWorkload(new Random(seed, "workload"), isKnown);
    this.keyPlan = planKeys(new Random(seed, "keys"), this.plan.durationMs);
    this.#faultRandom = new Random(seed, "faults");
    const draws = new Random(seed, "releases");
    const isPrevious = () => options.releases === "previous" || draws.chance(0.5);
    this.releases = options.releases && new Releases(isPrevious);
    this.#clientRandom = new Random(seed, "clients");
    const plan = planFaults(seed, new Random(seed, "fault plan"));
    this.faults = new Faults(plan, this.#faultRandom);
    this.network = new Network(scheduler, this.faults, new Random(seed, "network"));
    this.#platform = {
      scheduler,
      network: this.network,
      faults: this.faults,
      random: new Random(seed, "objects"),
      outputGate: options.outputGate ?? true,
      log: (object) => this.#logOf(object),
      unexpected: (object, error) => this.incidents.push(`${object} threw ${String(error)}`),
    };
    for (const { walletId, alias } of this.plan.wallets) this.trace.name(walletId, alias);
    let number = 0;
    for (const id of this.plan.submissions.keys()) this.trace.name(id, `txn-${number++}`);
    for (const step of this.plan.steps) {
      if (step.kind === "submit_batch") this.trace.name(step.batch.id, `batch-${number++}`);
    }
    scheduler.note(`faults ${JSON.stringify(plan)}`);
  }

  account(tenant: string, address: AccountAddress): SimulatedObject {
    const wallet = address.class === "wallet";
    const name = accountObjectName(tenant, address);
    return this.#object(
      name,
      `${tenant}/${address.id}`,
      this.#creator(wallet ? "createWallet" : "createExternal"),
      (object) => {
        const book = new AccountBook(object, tenant, address);
        this.books.accounts.set(name, book);
        watchRefusals(book, this.network.arrivals, this.refusals);
      },
    );
  }

  log(shard: number): Callee {
    if (!shards.includes(shard)) return emptyLog;
    return this.#object(
      logObjectName(shard),
      `log-${shard}`,
      this.#creator("createLog"),
      (object) => this.books.logs.set(shard, new LogBook(object, shard)),
    );
  }

  #creator(kind: keyof typeof current) {
    return this.releases?.create(kind) ?? current[kind];
  }

  /** The current release is deployed everywhere. */
  completeDeployment(): void {
    if (!this.releases) return;
    this.releases.complete();
    for (const object of this.#objects.values()) object.crash(object.disk.written);
  }

  keyRing(shard: number): SimulatedObject {
    return this.#object(
      keyRingObjectName(shard),
      `keys-${shard}`,
      this.#creator("createKeyRing"),
      (ring) => this.keyRings.set(shard, ring),
    );
  }

  newClient(): Client {
    const { scheduler, history } = this;
    const parts = { scheduler, directory: this, random: this.#clientRandom, history };
    return new Client(`client-${this.#clients++}`, parts);
  }

  close(): void {
    for (const object of this.#objects.values()) object.disk.close();
  }

  /** Runs one event and checks what holds always. False: nothing is left to run, or it is broken. */
  async step(): Promise<boolean> {
    if (this.violation || !(await this.scheduler.runNext())) return false;
    for (const object of this.#objects.values()) object.afterEvent();
    this.#disturb();
    const changed = this.books.refresh(this.scheduler.step);
    const newAnswers = this.history.answers.slice(this.#checkedAnswers);
    this.#checkedAnswers = this.history.answers.length;
    const newRefusals = this.refusals.slice(this.#checkedRefusals).filter(isKept);
    this.#checkedRefusals = this.refusals.length;
    const always = examine({ ...this.#world(), changed, newAnswers, newRefusals }, "always");
    this.violation ??= this.#violationOf(always);
    return !this.violation;
  }

  /** Checks every invariant against everything. */
  checkAll(): void {
    this.violation ??= this.#violationOf(this.findings());
  }

  /** Everything that breaks an invariant, while nothing is going on. */
  *findings(): Iterable<BrokenInvariant> {
    const { books } = this;
    books.refresh(this.scheduler.step);
    for (const book of books.accounts.values()) book.seenEntries = 0;
    for (const log of books.logs.values()) log.changed = [...log.transactions.values()];
    const changed = { accounts: [...books.accounts.values()], logs: [...books.logs.values()] };
    const all = { newAnswers: this.history.answers, newRefusals: this.refusals.filter(isKept) };
    yield* examine({ ...this.#world(), changed, ...all });
  }

  #world(): Omit<World, "changed" | "newAnswers" | "newRefusals"> {
    const { books, history, incidents, comparisons, misdated } = this;
    const { unknownProtocolCalls, misunderstood, votes } = this.network;
    const clocksJumped = (this.faults.counts.clock_jump ?? 0) > 0;
    const { calm } = this.faults;
    const calls = { unknownProtocolCalls, misunderstood, votes };
    const seen = { books, history, incidents, comparisons, misdated };
    return { ...seen, ...calls, clocksJumped, calm };
  }

  #violationOf(findings: Iterable<BrokenInvariant>): Violation | undefined {
    for (const first of findings) return { ...first, step: this.scheduler.step };
    return undefined;
  }

  /** What happens to the platform as a whole, now and then. */
  #disturb(): void {
    const random = this.#faultRandom;
    if (this.faults.strikes("deploy")) {
      for (const object of this.#objects.values()) {
        object.crash(random.integer(object.disk.durable, object.disk.written));
      }
    }
    if (this.#objects.size > 0 && this.faults.strikes("clock_jump")) {
      const object = random.pick([...this.#objects.values()]);
      if (random.chance(0.5))
        object.crash(random.integer(object.disk.durable, object.disk.written));
      object.jumpClock(this.#clockJumpOf(object));
    }
  }

  #clockJumpOf(object: SimulatedObject): number {
    const random = this.#faultRandom;
    if (object.clockOffsetMs !== 0 && random.chance(0.5)) return -object.clockOffsetMs;
    const maxMs = random.pick(clockJumpsMs);
    return random.between(-maxMs, maxMs);
  }

  #object(
    name: string,
    alias: string,
    create: (parts: InstanceParts, directory: Directory) => Instance,
    register: (object: SimulatedObject) => void,
  ): SimulatedObject {
    const known = this.#objects.get(name);
    if (known) return known;
    const object = new SimulatedObject(alias, this.#platform, (parts) => create(parts, this));
    this.#objects.set(name, object);
    register(object);
    return object;
  }

  #logOf(object: string): Log {
    return (_level, line) => {
      this.scheduler.note(`${object} logs ${JSON.stringify(line)}`);
      if (line.event === "clock_ahead" && line.transactionId !== undefined) {
        this.misdated.add(line.transactionId);
      }
      if (isIncident(line)) this.incidents.push(`${object} logs ${JSON.stringify(line)}`);
    };
  }
}
