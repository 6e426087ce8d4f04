// Meters objects from inside, with their code untouched: rows that their statements read and write,
// as the platform bills them, requests that they receive, and durable rounds. A round is a commit
// that a message has to wait for: each object has a clock of rounds, which its messages carry.
import { runInDurableObject } from "cloudflare:test";

/** The methods that other objects and the edge call. */
const calledByLog = new Set(["hold", "post", "release", "readLegs"]);
const calledByEdge = new Set([
  "submit",
  "submitBatch",
  "find",
  "readBalance",
  "readHistory",
  "readAuthorizations",
  "readEntries",
  "claimant",
  "readClaims",
]);

/** Written is final when the statement has run; read is final when its rows are consumed. */
interface Statement {
  readonly table: string;
  readonly rowsWritten: number;
  readonly cursor: { readonly rowsRead: number };
}

/** One metered object. */
class Metered {
  readonly name: string;
  readonly written: Record<string, number> = {};
  rowsRead = 0;
  requests = 0;
  /** Commits that lie behind this object's present state, one after the other. */
  #rounds = 0;
  /** The same when it last wrote: what the messages carry that it sent then. */
  #roundsSent = 0;
  #hasWritten = false;
  #unread: Statement["cursor"][] = [];

  constructor(name: string) {
    this.name = name;
  }

  count(table: string, rows: number): void {
    this.written[table] = (this.written[table] ?? 0) + rows;
    this.#hasWritten = true;
  }

  ran({ table, rowsWritten, cursor }: Statement): void {
    if (rowsWritten > 0) this.count(table, rowsWritten);
    this.#unread.push(cursor);
  }

  /** Only the object itself may look at its cursors. */
  takeReads(): void {
    for (const { rowsRead } of this.#unread) this.rowsRead += rowsRead;
    this.#unread = [];
  }

  /** A request leaves: it waits for what was written before. Requests that leave together carry the
   *  same, even if one of them is answered before another one arrives. */
  sendRequest(): number {
    this.#commit();
    return this.#roundsSent;
  }

  sendAnswer(): number {
    this.#commit();
    return this.#rounds;
  }

  receive(rounds: number): void {
    this.#rounds = Math.max(this.#rounds, rounds);
  }

  #commit(): void {
    if (!this.#hasWritten) return;
    this.#rounds += 1;
    this.#roundsSent = this.#rounds;
    this.#hasWritten = false;
  }
}

export interface Cost {
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly objectRequests: number;
  /** Commits one after the other before the edge has its answer. */
  readonly durableRounds: number;
  /** Rows written by object and table, such as `sender legs`. */
  readonly written: Readonly<Record<string, number>>;
}

const metered = new WeakMap<object, (method: string) => { readonly done: () => void }>();
const patched = new WeakSet<object>();

/** Counts the calls of a class's methods, for those of its objects that are metered. */
function watchMethods(prototype: Record<string, (...given: unknown[]) => Promise<unknown>>): void {
  if (patched.has(prototype)) return;
  patched.add(prototype);
  for (const method of [...calledByLog, ...calledByEdge, "ask"]) {
    const original = prototype[method];
    if (!original) continue;
    prototype[method] = async function (this: object, ...given: unknown[]) {
      const call = metered.get(this)?.(method);
      try {
        return await original.apply(this, given);
      } finally {
        call?.done();
      }
    };
  }
}

function tableOf(statement: string): string {
  return /\b(?:INTO|UPDATE|FROM)\s+(\w+)/.exec(statement)?.[1] ?? "other";
}

/** Replaces `exec` and `setAlarm` of the object's storage by ones that also count. */
function watchStorage(storage: DurableObjectStorage, object: Metered): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  const counted = (statement: string, ...bindings: unknown[]) => {
    const cursor = exec(statement, ...bindings);
    object.ran({ table: tableOf(statement), rowsWritten: cursor.rowsWritten, cursor });
    return cursor;
  };
  Object.defineProperty(sql, "exec", { configurable: true, value: counted });
  const setAlarm = storage.setAlarm.bind(storage);
  const countedAlarm = (time: number) => {
    object.count("alarm", 1);
    return setAlarm(time);
  };
  Object.defineProperty(storage, "setAlarm", { configurable: true, value: countedAlarm });
}

export class Meter {
  readonly #objects: Metered[] = [];
  readonly #edge = new Metered("edge");

  /** From now on the object is metered, until it is evicted. */
  async watch(stub: DurableObjectStub, name: string): Promise<void> {
    const object = new Metered(name);
    this.#objects.push(object);
    await runInDurableObject(stub, (instance, state) => {
      watchMethods(Object.getPrototypeOf(instance) as never);
      metered.set(instance, (method) => this.#request(object, method));
      watchStorage(state.storage, object);
    });
  }

  #request(object: Metered, method: string) {
    const log = this.#objects.find(({ name }) => name === "log");
    const caller = calledByLog.has(method) ? log : this.#edge;
    if (!caller) throw new Error(`nothing metered calls ${method}`);
    object.requests += 1;
    object.receive(caller.sendRequest());
    const done = () => {
      object.takeReads();
      caller.receive(object.sendAnswer());
    };
    return { done };
  }

  /** What was spent since the objects are watched. */
  read(): Cost {
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    const written = this.#objects.flatMap((object) =>
      Object.entries(object.written).map(([table, rows]) => [`${object.name} ${table}`, rows]),
    );
    return {
      rowsWritten: sum(this.#objects.flatMap((object) => Object.values(object.written))),
      rowsRead: sum(this.#objects.map(({ rowsRead }) => rowsRead)),
      objectRequests: sum(this.#objects.map(({ requests }) => requests)),
      durableRounds: this.#edge.sendAnswer(),
      written: Object.fromEntries(written) as Record<string, number>,
    };
  }
}
