// One Durable Object as the platform runs it: an instance that may vanish between any two events, a
// disk, an output gate that holds back every message until what was written before it is durable,
// and one alarm that comes at least once.
import { Disk, StorageFault, type StorageFaults } from "./disk.ts";
import type { Callee, Outcome, Request } from "./network.ts";
import { ObjectAlarm } from "./object-alarm.ts";
import type { Instance, InstanceParts, Platform } from "./platform.ts";
import type { Range } from "./random.ts";

const flushMs: Range = [0.2, 8];
const slowFlushMs: Range = [100, 3_000];
const slowSetAlarmMs: Range = [1, 500];
const diskFailsMs: Range = [1, 3_000];
interface Running {
  alive: boolean;
  readonly instance: Instance;
}

export class SimulatedObject implements Callee {
  readonly name: string;
  readonly disk = new Disk();
  /** The step in which the running instance started. */
  startedAt = 0;
  #clockOffsetMs = 0;
  #aheadMs = 0;
  readonly #platform: Platform;
  readonly #create: (parts: InstanceParts) => Instance;
  #running: Running | undefined;
  /** Whether production code ran here in the current event. */
  #touched = false;
  #gate: { readonly unit: number; readonly message: () => void }[] = [];
  #flushing = 0;
  readonly #unanswered = new Set<(outcome: Outcome) => void>();
  readonly #alarm: ObjectAlarm;
  /** How often storage has failed. */
  #failures = 0;
  #diskFailsUntil = 0;
  #crashes = 0;

  constructor(name: string, platform: Platform, create: (parts: InstanceParts) => Instance) {
    this.name = name;
    this.#platform = platform;
    this.#create = create;
    const start = () => this.#ensureRunning().instance;
    const clockOffsetMs = () => this.#clockOffsetMs;
    this.#alarm = new ObjectAlarm({ name, platform, disk: this.disk, start, clockOffsetMs });
  }

  /** The alarm was given up by the platform and nothing has armed it again. */
  get alarmDropped(): boolean {
    return this.#alarm.dropped;
  }

  receive(request: Request, answer: (outcome: Outcome) => void): void {
    const running = this.#ensureRunning();
    const method = running.instance.methods[request.method];
    if (!method) throw new Error(`${this.name} has no method ${request.method}`);
    this.#unanswered.add(answer);
    const finish = (outcome: Outcome) => {
      if (!running.alive) throw new Error("a crashed instance answered");
      this.#unanswered.delete(answer);
      this.#send(() => answer(outcome));
    };
    const called = running.instance.ready.then(() => method(JSON.parse(request.body) as never));
    called.then(
      (value) => finish({ value }),
      (error: unknown) => {
        if (!(error instanceof StorageFault)) this.#platform.unexpected(this.name, error);
        finish({ error });
      },
    );
  }

  /** After each event: writes are on their way to the disk, and crashes happen. */
  afterEvent(): void {
    this.#flush();
    this.#alarm.sync();
    if (!this.#touched) return;
    this.#touched = false;
    if (!this.#running) return;
    const { faults, random } = this.#platform;
    if (faults.strikes("crash")) this.crash(random.integer(this.disk.durable, this.disk.written));
    else if (faults.strikes("eviction")) this.crash(this.disk.written);
  }

  /** Ends the instance. Of what it wrote, the first `kept` sql transactions survive. */
  crash(kept: number): void {
    const { scheduler, network } = this.#platform;
    if (!this.#running) return;
    const lost = this.disk.written - kept;
    scheduler.note(`${this.name} crashes${lost > 0 ? ` and loses ${lost} writes` : ""}`);
    this.#running.alive = false;
    this.#running = undefined;
    this.#crashes += 1;
    this.disk.crash(kept);
    this.disk.makeDurable(kept);
    this.#flushing = kept;
    this.#gate = [];
    for (const answer of this.#unanswered) network.breakOff(answer);
    this.#unanswered.clear();
    this.#alarm.crashed(kept);
  }

  /** How far this object's clock is ahead of virtual time, in ms. */
  get clockOffsetMs(): number {
    return this.#clockOffsetMs;
  }

  /** What the clock would show now if it had never been put back. */
  latestNow(): number {
    return Math.floor(this.#platform.scheduler.now + this.#aheadMs);
  }

  jumpClock(byMs: number): void {
    this.#platform.scheduler.note(`${this.name} clock jumps by ${Math.round(byMs)} ms`);
    this.#clockOffsetMs += byMs;
    this.#aheadMs = Math.max(this.#aheadMs, this.#clockOffsetMs);
    this.#alarm.clockJumped();
  }

  /** Something that people do to the object by hand: durable like any other write. */
  operate(sql: string): void {
    this.#platform.scheduler.note(`${this.name} ${sql}`);
    this.disk.query(sql);
  }

  now(): number {
    return Math.floor(this.#platform.scheduler.now + this.#clockOffsetMs);
  }

  #ensureRunning(): Running {
    this.#touched = true;
    if (this.#running) return this.#running;
    const state = { alive: true };
    const { scheduler, random } = this.#platform;
    this.startedAt = scheduler.step;
    const isAlive = () => state.alive;
    const parts: InstanceParts = {
      caller: { name: this.name, isAlive, send: (message) => this.#send(message) },
      storage: this.disk.mount(isAlive, this.#storageFaultsOf(isAlive)),
      clock: {
        now: () => this.now(),
        after: (delayMs, fire) => this.#after(delayMs, this.#event(isAlive, fire)),
      },
      random: () => random.next(),
      log: this.#platform.log(this.name),
    };
    const before = this.#troubles();
    const instance = this.#create(parts);
    void instance.ready.then(() => {
      if (this.#troubles() === before) this.#alarm.mend();
    });
    this.#running = Object.assign(state, { instance });
    return this.#running;
  }

  /** What a start cannot mend. */
  #troubles(): number {
    return this.#failures + this.#alarm.drops;
  }

  /** A timer as the runtime has them: one that was set before the clock was put back comes when the
   *  clock has caught up, one that was set before it jumped ahead comes after its time. */
  #after(delayMs: number, run: () => void): () => void {
    const { scheduler } = this.#platform;
    const due = scheduler.now + this.#clockOffsetMs + delayMs;
    let cancel = () => {};
    const wait = (waitMs: number) => {
      cancel = scheduler.schedule(waitMs, "", () => {
        const leftMs = due - scheduler.now - this.#clockOffsetMs;
        if (leftMs >= 1) wait(leftMs);
        else run();
      });
    };
    wait(delayMs);
    return () => cancel();
  }

  /** Production code goes on in an event of its own, unless its instance is gone. */
  #event(isAlive: () => boolean, run: () => void): () => void {
    return () => {
      if (!isAlive()) return;
      this.#touched = true;
      run();
    };
  }

  #storageFaultsOf(isAlive: () => boolean): StorageFaults {
    const { faults, scheduler, random } = this.#platform;
    return {
      strikes: (kind) => {
        const failing = kind === "statement_failed" && scheduler.now < this.#diskFailsUntil;
        if (!failing && !faults.strikes(kind)) return false;
        if (kind === "statement_failed" || kind === "sql_transaction_failed") {
          this.#failures += 1;
          scheduler.note(`${this.name} ${kind}`);
          if (!failing && random.chance(0.3)) {
            this.#diskFailsUntil = scheduler.now + random.scaled(...diskFailsMs);
          }
        }
        return true;
      },
      durable: () =>
        new Promise((resolve, reject) => {
          const fail = () => reject(new StorageFault("sync failed"));
          const end = faults.strikes("sync_failed") ? fail : resolve;
          this.#send(this.#event(isAlive, end));
        }),
      pause: () =>
        new Promise((resolve) => {
          scheduler.schedule(random.between(...slowSetAlarmMs), "", this.#event(isAlive, resolve));
        }),
    };
  }

  #send(message: () => void): void {
    const { written, durable } = this.disk;
    if (!this.#platform.outputGate || durable >= written) message();
    else this.#gate.push({ unit: written, message });
  }

  #flush(): void {
    const { written } = this.disk;
    if (written <= this.#flushing) return;
    this.#flushing = written;
    const crashes = this.#crashes;
    const { faults, random, scheduler } = this.#platform;
    const range = faults.strikes("slow_disk") ? slowFlushMs : flushMs;
    scheduler.schedule(random.between(...range), "", () => {
      // What a crash has lost meanwhile cannot become durable; what it kept already is.
      if (crashes !== this.#crashes) return;
      this.disk.makeDurable(written);
      const open = this.#gate.filter(({ unit }) => unit <= this.disk.durable);
      this.#gate = this.#gate.filter(({ unit }) => unit > this.disk.durable);
      for (const { message } of open) message();
    });
  }
}
