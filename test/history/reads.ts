// What a GET saw. Only successful answers: a refused or failed read shows nothing.
import { isTransactionId, parseWalletId } from "../../src/domain/ids.ts";
import type { HistoryRow, Operation } from "./format.ts";

export interface Figures {
  readonly currency: string;
  readonly balance: number;
  readonly available: number;
  readonly reserved: number;
  readonly held: number;
  readonly incoming: number;
}

export interface BalanceBody extends Figures {
  readonly walletId: string;
  readonly balances: readonly Figures[];
  readonly asOf: { readonly sequence: number; readonly hash: string };
  readonly inFlight?: number;
}

export interface PageBody {
  readonly data: readonly HistoryRow[];
  readonly nextCursor: string | null;
  readonly inFlight?: number;
}

export interface BalanceRead {
  readonly kind: "balance";
  readonly operation: Operation;
  readonly walletId: string;
  readonly body: BalanceBody;
}

export interface PageRead {
  readonly kind: "page";
  readonly operation: Operation;
  readonly walletId: string;
  readonly body: PageBody;
  readonly cursor: string | undefined;
  /** Currency, direction, type, from, to: those that were asked for. */
  readonly filter: ReadonlyMap<string, string>;
}

export type Read = BalanceRead | PageRead;

/** What reading a transaction says beside its status, where it has anything to say. */
interface Surroundings {
  readonly createdAt?: string;
  readonly authorization?: {
    readonly status: "open" | "captured" | "cancelled" | "expired";
    readonly expiresAt: string;
    readonly endedBy?: string;
  };
  readonly reversals?: readonly { readonly id: string; readonly amount?: number }[];
  readonly reversedAmount?: number;
}

/** A read of one transaction. `absent`: there is none yet. */
export interface Lookup extends Surroundings {
  readonly kind: "lookup";
  readonly operation: Operation;
  readonly transactionId: string;
  readonly status: "pending" | "committed" | "rejected" | "absent";
  /** Of a rejected transaction, as JSON. */
  readonly problem: string | undefined;
}

/** How far into its wallet's ledger a read has seen. Pages behind a cursor and filtered ones may
 *  leave newer entries out, so they say nothing of that. */
export function headSeen(read: Read): number | undefined {
  if (read.kind === "balance") return read.body.asOf.sequence;
  if (read.cursor !== undefined || read.filter.size > 0) return undefined;
  return read.body.data[0]?.sequence ?? 0;
}

export function readOf(operation: Operation): Read | Lookup | undefined {
  const { pathname, searchParams } = new URL(operation.url, "http://ledger");
  const [, first, second, third] = pathname.split("/");
  if (first === "transactions" && second !== undefined && isTransactionId(second)) {
    return lookupOf(operation, second);
  }
  if (operation.status !== 200) return undefined;
  const walletId = parseWalletId(
    (first === "wallets" && second) || searchParams.get("walletId") || "",
  );
  if (walletId === undefined) return undefined;
  const body: unknown = JSON.parse(operation.body ?? "");
  if (first === "wallets" && third === "balance") {
    return { kind: "balance", operation, walletId, body: body as BalanceBody };
  }
  if (pathname !== "/transactions") return undefined;
  const paging = new Set(["walletId", "limit", "cursor"]);
  return {
    kind: "page",
    operation,
    walletId,
    body: body as PageBody,
    cursor: searchParams.get("cursor") ?? undefined,
    filter: new Map([...searchParams].filter(([name]) => !paging.has(name))),
  };
}

function lookupOf(operation: Operation, transactionId: string): Lookup | undefined {
  const lookup = { kind: "lookup", operation, transactionId } as const;
  if (operation.status === 404) return { ...lookup, status: "absent", problem: undefined };
  if (operation.status !== 200) return undefined;
  const body = JSON.parse(operation.body ?? "") as Surroundings & {
    readonly status: Lookup["status"];
    readonly problem?: unknown;
  };
  const { status, problem, createdAt, authorization, reversals, reversedAmount } = body;
  return {
    ...lookup,
    status,
    problem: problem === undefined ? undefined : JSON.stringify(problem),
    ...(createdAt !== undefined && { createdAt }),
    ...(authorization && { authorization }),
    ...(reversals && { reversals }),
    ...(reversedAmount !== undefined && { reversedAmount }),
  };
}
