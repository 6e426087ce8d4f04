// The recorded history of a service, as docs/history-format.md describes it: JSON Lines to values.
// Knows the format only; what the values mean is in history.ts.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { OperationType } from "../../src/domain/operations/all.ts";
import type { Bucket } from "../../src/domain/ledger/line.ts";
import type { Direction } from "../../src/domain/ledger/money.ts";
import type { Metadata } from "../../src/domain/text.ts";

export interface Header {
  readonly kind: "history";
  readonly version: 1;
  readonly tenant: string;
  readonly defaultCurrency: string;
  /** How far the clocks of the recording machines may differ, in ms. */
  readonly clockErrorMs?: number;
}

/** One HTTP request as its client saw it. Times: wall clock, ms since the epoch, with fractions. */
export interface Operation {
  readonly kind: "operation";
  readonly invoked: number;
  /** When the answer, or the failure, was there. */
  readonly completed: number;
  readonly method: "GET" | "POST";
  /** Path and query. */
  readonly url: string;
  /** The Idempotency-Key in its bare form. */
  readonly key?: string;
  /** The JSON value that was sent. */
  readonly request?: unknown;
  /** null: no answer, the outcome is unknown. */
  readonly status: number | null;
  /** The bytes of the answer's body, as text. */
  readonly body?: string;
}

/** A row of a history page. */
export interface HistoryRow {
  readonly sequence: number;
  readonly walletId: string;
  readonly transactionId: string;
  readonly type: OperationType;
  readonly bucket: Bucket;
  readonly direction: Direction;
  readonly amount: number;
  readonly currency: string;
  readonly balanceAfter: number;
  readonly counterparty: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  readonly provider?: string;
  readonly description?: string;
  readonly metadata?: Metadata;
  readonly hash: string;
  readonly decidedAt: string;
  readonly createdAt: string;
}

/** A wallet's whole ledger, read when everything had come to rest. */
export interface Ledger {
  readonly kind: "ledger";
  readonly walletId: string;
  /** Oldest first. */
  readonly entries: readonly HistoryRow[];
  /** The body of a balance read of the same moment. */
  readonly balance?: string;
}

export interface End {
  readonly kind: "end";
  /** Ids of the transactions that never came to rest. */
  readonly unsettled: readonly string[];
}

export type HistoryLine = Header | Operation | Ledger | End;

/** The lines by kind. `lineOf`: where in the file an operation is. */
export interface RecordedHistory {
  readonly header: Header;
  readonly operations: readonly Operation[];
  readonly ledgers: readonly Ledger[];
  readonly end: End;
  readonly lineOf: ReadonlyMap<Operation, number>;
}

/** The file is not a history, or not all of one. Says nothing about the service. */
export class MalformedHistory extends Error {}

export async function readHistory(path: string): Promise<RecordedHistory> {
  const lines: HistoryLine[] = [];
  for await (const text of createInterface({ input: createReadStream(path) })) {
    lines.push(parseLine(text, lines.length + 1));
  }
  return collect(lines);
}

function parseLine(text: string, number: number): HistoryLine {
  try {
    return JSON.parse(text) as HistoryLine;
  } catch {
    throw new MalformedHistory(`line ${number} is not JSON`);
  }
}

export function collect(lines: readonly HistoryLine[]): RecordedHistory {
  const header = lines[0];
  if (header?.kind !== "history" || header.version !== 1) {
    throw new MalformedHistory("the first line is not the header of a history of version 1");
  }
  const end = lines.at(-1);
  if (end?.kind !== "end") throw new MalformedHistory("the last line is not the end of a history");

  const operations: Operation[] = [];
  const ledgers: Ledger[] = [];
  const lineOf = new Map<Operation, number>();
  for (const [index, line] of lines.slice(1, -1).entries()) {
    if (line.kind === "operation" && line.completed >= line.invoked) {
      operations.push(line);
      lineOf.set(line, index + 2);
    } else if (line.kind === "ledger") {
      ledgers.push(line);
    } else {
      throw new MalformedHistory(`line ${index + 2} is neither an operation nor a ledger`);
    }
  }
  return { header, operations, ledgers, end, lineOf };
}
