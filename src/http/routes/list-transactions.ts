// GET /transactions: the history of a wallet, newest first.
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
import { historyLimitDefault, historyLimitMax } from "../../domain/limits.ts";
import { mayUseWallet } from "../access.ts";
import { callOf, type App, type Exact } from "../context.ts";
import { decodeCursor, encodeCursor, type CursorScope } from "../cursor.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { transfer } from "../operations/transfer.ts";
import { answerProblem } from "../problem.ts";
import { renderTime } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import * as fields from "../schemas/fields.ts";
import { cursorParameter, limitParameter } from "../schemas/paging.ts";
import { transactionType } from "../schemas/transaction.ts";
import { History } from "../schemas/wallet.ts";

const fieldsOfQuery = z.strictObject({
  walletId: fields.walletId,
  currency: fields.currency.optional(),
  direction: fields.direction.optional(),
  type: transactionType.optional(),
  from: fields.instant.optional().openapi({
    description: "Entries decided at or after this time, in RFC 3339. A `+` is sent as %2B.",
  }),
  to: fields.instant.optional().openapi({
    description: "Entries decided before this time, in RFC 3339; not before `from`.",
  }),
  limit: limitParameter(historyLimitMax, historyLimitDefault),
  cursor: cursorParameter.openapi({
    description: "`nextCursor` of the page before, with the same filters.",
  }),
});

const query = fieldsOfQuery.refine(({ from = -Infinity, to = Infinity }) => from <= to, {
  path: ["from"],
  error: "Later than `to`: no entry can be between them.",
});

type Query = Exact<z.output<typeof query>>;

function filterOf({ currency, direction, type, from, to }: Query): HistoryFilter {
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
  const { paymentReference, provider, description, metadata } = entry;
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

export function listTransactions(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/transactions",
    operationId: "listTransactions",
    tags: ["Transactions"],
    summary: "Read the history of a wallet",
    description:
      "In the order of the ledger, newest first. Paging while others write neither skips nor " +
      "repeats an entry. `from` and `to` go by `decidedAt`, which all accounts of a transaction " +
      "share: at any past moment the entries decided before it add up to zero over all accounts. " +
      "Entries of concurrent transactions may be posted in another order than they were decided.",
    request: { query },
    responses: {
      200: {
        description: "A page of the wallet's ledger.",
        headers: responseHeaders(),
        content: { "application/json": { schema: History, example } },
      },
      ...problemResponses("/transactions", ["validation_failed", "wallet_not_found"]),
    },
  });

  app.get("/transactions", strictQuery(query), async (c) => {
    const sent = c.req.valid("query");
    const walletId = parseWalletId(sent.walletId);
    const filter = filterOf(sent);
    const scope = { tenant: c.get("tenant"), walletId: walletId ?? sent.walletId, filter };
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
