// GET /transactions: the history of a wallet, newest first; or the transaction of a reference.
import { z } from "@hono/zod-openapi";
import type {
  HistoryEntry,
  HistoryFilter,
  HistoryPage,
} from "../../durable-objects/wallet/contract.ts";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { parseWalletId } from "../../domain/ids.ts";
import { shownOf } from "../../domain/ledger/entry.ts";
import { legsOf } from "../../domain/protocol/transaction.ts";
import { mayUseWallet } from "../access.ts";
import { callOf, type App } from "../context.ts";
import { decodeCursor, encodeCursor, type CursorScope } from "../cursor.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { funding } from "../operations/funding.ts";
import { transfer } from "../operations/transfer.ts";
import { answerProblem } from "../problem.ts";
import { renderDetails, renderTime } from "../render.ts";
import { answerByReference } from "./find-by-reference.ts";
import * as examples from "../schemas/examples.ts";
import { FoundTransactions } from "../schemas/transaction.ts";
import {
  soughtPayment,
  transactionsQuery,
  type TransactionsQuery,
} from "../schemas/transactions-query.ts";
import { History } from "../schemas/wallet.ts";

function filterOf({ currency, direction, type, from, to }: TransactionsQuery): HistoryFilter {
  return {
    ...(currency !== undefined && { currency }),
    ...(direction !== undefined && { direction }),
    ...(type !== undefined && { type }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

const foreignCursor = {
  path: "cursor",
  message: "Not a cursor of this wallet with these filters.",
};

type HistoryRow = z.infer<typeof History>["data"][number];

function renderEntry(walletId: string, entry: HistoryEntry): HistoryRow {
  const { paymentReference, payoutReference, provider, description, metadata } = entry;
  return {
    sequence: entry.sequence,
    walletId,
    transactionId: entry.transactionId,
    type: entry.type,
    bucket: entry.bucket,
    direction: entry.direction,
    amount: entry.amount,
    currency: entry.currency,
    balanceAfter: entry.balanceAfter,
    counterparty: entry.counterparty,
    ...(paymentReference !== undefined && { paymentReference }),
    ...(payoutReference !== undefined && { payoutReference }),
    ...(provider !== undefined && { provider }),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    hash: entry.hash,
    decidedAt: renderTime(entry.decidedAt),
    createdAt: renderTime(entry.createdAt),
  };
}

function renderPage(scope: CursorScope, page: Omit<HistoryPage, "ok">): z.infer<typeof History> {
  const { entries, nextBefore, inFlight } = page;
  return {
    data: entries.map((entry) => renderEntry(scope.walletId, entry)),
    nextCursor: nextBefore === null ? null : encodeCursor(scope, nextBefore),
    ...(inFlight !== undefined && { inFlight }),
  };
}

/** The sender's entry of the example. */
function exampleEntry(): HistoryEntry {
  const { record } = transfer.example;
  const { decidedAt = record.createdAt } = record;
  const [sender] = legsOf(record);
  const [debit] = sender ? shownOf(sender.posting, decidedAt) : [];
  if (!debit) throw new Error("an example has lines");
  const createdAt = decidedAt + 7;
  return { ...debit, sequence: 2, balanceAfter: 7_500, createdAt, hash: examples.hash };
}

const example = renderPage(
  { tenant: "main", walletId: examples.adaWalletId, filter: {} },
  { entries: [exampleEntry()], nextBefore: 2 },
);

const exampleFound: z.infer<typeof FoundTransactions> = {
  data: [renderDetails(funding.example.record, { isOperator: false })],
  nextCursor: null,
};

export function listTransactions(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/transactions",
    operationId: "listTransactions",
    tags: ["Transactions"],
    summary: "Read the history of a wallet, or find a transaction by its reference",
    description:
      "In the order of the ledger, newest first. Paging while others write neither skips nor " +
      "repeats an entry. `from` and `to` go by `decidedAt`, which all accounts of a transaction " +
      "share: at any past moment the entries decided before it add up to zero over all accounts. " +
      "Entries of concurrent transactions may be posted in another order than they were " +
      "decided.\n\nWith `paymentReference` or `payoutReference` in place of `walletId`, the " +
      "answer is the one transaction that uses the reference of the provider, committed or still " +
      "undecided, as `GET /transactions/{id}` shows it. A rejected one has not used it. For back " +
      "ends only.",
    request: { query: transactionsQuery },
    responses: {
      200: {
        description: "A page of the wallet's ledger; or what was found by a reference.",
        headers: responseHeaders(),
        content: {
          "application/json": {
            schema: z.union([History, FoundTransactions]),
            examples: { history: { value: example }, byReference: { value: exampleFound } },
          },
        },
      },
      ...problemResponses("/transactions", ["validation_failed", "wallet_not_found"]),
    },
  });

  app.get("/transactions", strictQuery(transactionsQuery), async (c) => {
    const sent = c.req.valid("query");
    const payment = soughtPayment(sent);
    if (payment) return answerByReference(c, payment);
    const { walletId: named = "" } = sent;
    const walletId = parseWalletId(named);
    const filter = filterOf(sent);
    const scope = { tenant: c.get("tenant"), walletId: walletId ?? named, filter };
    const before = sent.cursor === undefined ? undefined : decodeCursor(scope, sent.cursor);
    if (sent.cursor !== undefined && before === undefined) {
      return answerProblem(c, "validation_failed", [foreignCursor]);
    }
    if (walletId === undefined || !mayUseWallet(c.get("principal"), walletId)) {
      return answerProblem(c, "wallet_not_found");
    }
    c.set("walletId", walletId);
    const call = { ...callOf(c), walletId, filter, limit: sent.limit };
    const page = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).readHistory(
        before === undefined ? call : { ...call, before },
      ),
    );
    if (!page.ok) return answerProblem(c, "wallet_not_found");
    return c.json(renderPage(scope, page), 200);
  });
}
