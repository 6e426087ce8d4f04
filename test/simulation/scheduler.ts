// Virtual time and the order of events. One event runs at a time; before the next one, every promise
// that it settled has had its say. Nothing here or above reads a real clock.
import type { Trace } from "./trace.ts";

/** Where virtual time starts, in ms since the epoch: a fixed day. */
const epoch = Date.UTC(2030, 0, 1);

interface Event {
  readonly time: number;
  readonly order: number;
  readonly what: string;
  readonly run: () => void;
  cancelled: boolean;
}

function comesBefore(left: Event, right: Event): boolean {
  return left.time === right.time ? left.order < right.order : left.time < right.time;
}

/** Runs the microtasks that are due, and those that they make due, until there are none. */
function drainMicrotasks(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export class Scheduler {
  readonly trace: Trace;
  /** Events run so far. */
  step = 0;
  #now = epoch;
  #order = 0;
  /** A binary heap, the earliest event first. */
  readonly #heap: Event[] = [];

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** Virtual ms since the epoch, not rounded. */
  get now(): number {
    return this.#now;
  }

  /** `run` becomes an event `delayMs` from now; the returned function takes that back. An event
   *  named "" is part of the machinery and leaves no line in the trace. */
  schedule(delayMs: number, what: string, run: () => void): () => void {
    const time = this.#now + Math.max(delayMs, 0);
    const event: Event = { time, order: this.#order++, what, run, cancelled: false };
    this.#push(event);
    return () => {
      event.cancelled = true;
    };
  }

  note(what: string): void {
    this.trace.record(`${this.step} ${(this.#now - epoch).toFixed(3)} ${what}`);
  }

  /** When the next event is due; undefined where there is none. */
  nextTime(): number | undefined {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.time;
  }

  /** Runs the next event and all that follows from it at once. */
  async runNext(): Promise<boolean> {
    if (this.nextTime() === undefined) return false;
    const event = this.#pop();
    if (!event) return false;
    this.#now = event.time;
    this.step += 1;
    if (event.what !== "") this.note(event.what);
    event.run();
    await drainMicrotasks();
    return true;
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (!parent || !comesBefore(event, parent)) break;
      heap[index] = parent;
      index = parentIndex;
    }
    heap[index] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const moved = heap.pop();
    if (!first || !moved || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = heap[childIndex];
      const right = heap[childIndex + 1];
      if (child && right && comesBefore(right, child)) {
        child = right;
        childIndex += 1;
      }
      if (!child || !comesBefore(child, moved)) break;
      heap[index] = child;
      index = childIndex;
    }
    heap[index] = moved;
    return first;
  }
}
