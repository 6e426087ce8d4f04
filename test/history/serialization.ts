// Strict serializability: is there one order of all committed transactions and clean reads that
// explains every answer and respects real time? What a read of a wallet shows is a prefix of its
// ledger: all transactions in it come before the read, all others after. What ended before
// another began comes first. An order exists exactly if these edges have no cycle.
//
// The order of two entries of one ledger is no edge of its own: two concurrent transactions may
// be posted in one order here and in the other there, and no clean read can tell (it waits for
// whatever is decided). Chains of helper nodes stand for "everything up to here", so the graph
// grows with the history and not with its square.
import type { Interval, Intervals } from "./check-order.ts";
import type { History } from "./history.ts";
import type { LedgerIndex } from "./ledger-index.ts";
import { PrecedenceGraph } from "./precedence-graph.ts";
import { headSeen } from "./reads.ts";
import type { Report } from "./violations.ts";

export interface OrderFigures {
  readonly nodes: number;
  readonly edges: number;
  /** Concurrent transactions whose entries stand in different orders in different ledgers. */
  readonly crossed: number;
}

/** From how many of a tangle's operations a shortest cycle is looked for. */
const cycleStartsMax = 64;

interface Event {
  readonly node: number;
  readonly began: number;
  readonly ended: number;
}

export function checkSerializability(
  history: History,
  intervals: Intervals,
  guilty: ReadonlySet<unknown>,
  report: Report,
): OrderFigures {
  const order = new OrderBuilder(intervals);
  order.addReads(history, guilty);
  order.addLookups(history, guilty);
  order.addRealTime(history.header.clockErrorMs ?? 0);
  const cycle = order.shortestCycle();
  if (cycle) report("serialization_cycle", cycle.join(" < "));
  return { ...order.graph.size, crossed: countCrossed(history) };
}

class OrderBuilder {
  readonly graph = new PrecedenceGraph();
  readonly #names = new Map<number, string>();
  readonly #events: Event[] = [];
  readonly #transactions = new Map<string, number>();

  constructor(intervals: Intervals) {
    for (const [id, { invoked, acknowledged }] of intervals) {
      this.#transactions.set(id, this.#addEvent(id, { invoked, acknowledged }));
    }
  }

  #addEvent(name: string, { invoked, acknowledged }: Interval): number {
    const node = this.graph.addNode();
    this.#names.set(node, name);
    this.#events.push({ node, began: invoked, ended: acknowledged });
    return node;
  }

  addReads(history: History, guilty: ReadonlySet<unknown>): void {
    const chains = new Map<string, ReturnType<OrderBuilder["addLedger"]>>();
    for (const read of history.reads) {
      const ledger = history.wallets.get(read.walletId);
      const head = headSeen(read);
      const clean = read.body.inFlight === undefined && !guilty.has(read);
      if (!ledger || head === undefined || head > ledger.head || !clean) continue;
      const chain = chains.get(read.walletId) ?? this.addLedger(ledger);
      chains.set(read.walletId, chain);
      const { invoked, completed } = read.operation;
      const name = `line ${history.lineOf.get(read.operation)} (entry ${head} of ${read.walletId})`;
      const node = this.#addEvent(name, { invoked, acknowledged: completed });
      const [before, after] = [chain.upTo[head], chain.from[head + 1]];
      if (before !== undefined) this.graph.addEdge(before, node);
      if (after !== undefined) this.graph.addEdge(node, after);
    }
  }

  /** `upTo[n]` comes after the transactions of entries 1..n, `from[n]` before those from n on. */
  addLedger({ entries }: LedgerIndex): {
    readonly upTo: readonly (number | undefined)[];
    readonly from: readonly (number | undefined)[];
  } {
    const upTo: (number | undefined)[] = [undefined];
    const from: (number | undefined)[] = [undefined];
    for (const { transactionId } of entries) {
      const transaction = this.#transactions.get(transactionId);
      const [lastUpTo, lastFrom] = [upTo.at(-1), from.at(-1)];
      const [nextUpTo, nextFrom] = [this.graph.addNode(), this.graph.addNode()];
      upTo.push(nextUpTo);
      from.push(nextFrom);
      if (lastUpTo !== undefined) this.graph.addEdge(lastUpTo, nextUpTo);
      if (lastFrom !== undefined) this.graph.addEdge(lastFrom, nextFrom);
      if (transaction === undefined) continue;
      this.graph.addEdge(transaction, nextUpTo);
      this.graph.addEdge(nextFrom, transaction);
    }
    return { upTo, from };
  }

  /** Also a read of one transaction is a read: it was decided by then, or it was not. */
  addLookups(history: History, guilty: ReadonlySet<unknown>): void {
    for (const { id, lookups } of history.transactions.values()) {
      const transaction = this.#transactions.get(id);
      if (transaction === undefined) continue;
      for (const lookup of lookups) {
        if (guilty.has(lookup) || lookup.status === "rejected") continue;
        const { operation, status } = lookup;
        const name = `line ${history.lineOf.get(operation)} (${id} ${status})`;
        const interval = { invoked: operation.invoked, acknowledged: operation.completed };
        const node = this.#addEvent(name, interval);
        if (status === "committed") this.graph.addEdge(transaction, node);
        else this.graph.addEdge(node, transaction);
      }
    }
  }

  /** A chain of one node for each ending, in the order of time; each beginning hangs on the last
   *  ending before it. */
  addRealTime(clockErrorMs: number): void {
    const ended = this.#events
      .filter((event) => event.ended < Infinity)
      .toSorted((left, right) => left.ended - right.ended);
    const begun = this.#events.toSorted((left, right) => left.began - right.began);
    let next = 0;
    let past: number | undefined;
    for (const { node, began } of begun) {
      for (; next < ended.length; next++) {
        const event = ended[next];
        if (!event || event.ended + clockErrorMs >= began) break;
        const moment = this.graph.addNode();
        if (past !== undefined) this.graph.addEdge(past, moment);
        this.graph.addEdge(event.node, moment);
        past = moment;
      }
      if (past !== undefined) this.graph.addEdge(past, node);
    }
  }

  /** The operations of a short cycle, in the order that each edge demands. */
  shortestCycle(): readonly string[] | undefined {
    const cycles = this.graph.tangles().flatMap((tangle) => {
      const nodes = new Set(tangle);
      const starts = tangle.filter((node) => this.#names.has(node)).slice(0, cycleStartsMax);
      return starts.map((start) => this.graph.cycleThrough(start, nodes) ?? []);
    });
    const named = cycles
      .map((nodes) => nodes.flatMap((node) => this.#names.get(node) ?? []))
      .filter((names) => names.length > 0)
      .toSorted((left, right) => left.length - right.length);
    const [shortest] = named;
    return shortest && [...shortest, shortest[0] ?? ""];
  }
}

function countCrossed(history: History): number {
  const graph = new PrecedenceGraph();
  const nodes = new Map<string, number>();
  for (const { entries } of history.wallets.values()) {
    let before: number | undefined;
    for (const { transactionId } of entries) {
      const node = nodes.get(transactionId) ?? graph.addNode();
      nodes.set(transactionId, node);
      if (before !== undefined) graph.addEdge(before, node);
      before = node;
    }
  }
  return graph.tangles().flat().length;
}
