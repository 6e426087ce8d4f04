// GET /wallets/{userId}/authorizations: what has reserved money of a wallet, newest first. The
// wallet knows which they are and how they stand, and their logs what was authorized.
import { z } from "@hono/zod-openapi";
import type {
  AuthorizationsPage,
  ListedAuthorization,
} from "../../durable-objects/wallet/contract.ts";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { parseWalletId } from "../../domain/ids.ts";
import { authorizationsLimitDefault, authorizationsLimitMax } from "../../domain/limits.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import { mayUseWallet } from "../access.ts";
import { authorizationStateOf } from "../authorization-state.ts";
import { callOf, type App, type AppContext } from "../context.ts";
import { decodeListCursor, encodeListCursor, type ListScope } from "../list-cursor.ts";
import { strictQuery } from "../middleware/strict-query.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { shownOperations } from "../operations/all.ts";
import {
  AuthorizationDetails,
  authorizationExample,
  isAuthorization,
} from "../operations/authorization.ts";
import { answerProblem } from "../problem.ts";
import { detailsReaderOf } from "../read-details.ts";
import { renderDetails } from "../render.ts";
import { authorizationStatus } from "../schemas/authorization.ts";
import * as examples from "../schemas/examples.ts";
import { walletParameter } from "../schemas/fields.ts";
import { cursorParameter, foreignCursor, limitParameter, nextCursor } from "../schemas/paging.ts";
import { inFlight } from "../schemas/wallet.ts";
import { findTransaction } from "../submission.ts";

const query = z.strictObject({
  status: authorizationStatus.optional(),
  limit: limitParameter(authorizationsLimitMax, authorizationsLimitDefault),
  cursor: cursorParameter.openapi({
    description: "`nextCursor` of the page before, with the same `status`.",
  }),
});

const Authorizations = z
  .object({
    data: z.array(AuthorizationDetails).openapi({
      description: "Newest first, each as `GET /transactions/{id}` shows it.",
    }),
    nextCursor: nextCursor.openapi({
      description: "For the next page. A page may be short or empty; null only at the end.",
    }),
    inFlight,
  })
  .openapi("Authorizations", { description: "A page of authorizations from one wallet." });

type Status = z.infer<typeof authorizationStatus>;

/** The type of what ends authorizations so; null: of what is not ended. */
function endingOf(status: Status) {
  return shownOperations.find(({ endsAs }) => endsAs === status)?.type ?? null;
}

type Reader = Parameters<typeof renderDetails>[1];

function renderAuthorization(
  record: TransactionRecord,
  end: ListedAuthorization["end"],
  reader: Reader,
): z.infer<typeof AuthorizationDetails> {
  const state = authorizationStateOf(record, end);
  const shown = renderDetails(record, reader, state && { authorization: state });
  if (!isAuthorization(shown)) throw new Error(`it reserves nothing: ${record.id}`);
  return shown;
}

async function readAuthorization(c: AppContext, { transactionId, end }: ListedAuthorization) {
  const record = await findTransaction(c, transactionId);
  if (!record) throw new Error(`its log does not know it: ${transactionId}`);
  return renderAuthorization(record, end, detailsReaderOf(c));
}

async function renderPage(
  c: AppContext,
  scope: ListScope,
  { authorizations, nextBefore, inFlight: undecided }: Omit<AuthorizationsPage, "ok">,
): Promise<z.infer<typeof Authorizations>> {
  return {
    data: await Promise.all(authorizations.map((one) => readAuthorization(c, one))),
    nextCursor: nextBefore === null ? null : encodeListCursor(scope, String(nextBefore)),
    ...(undecided !== undefined && { inFlight: undecided }),
  };
}

const example: z.infer<typeof Authorizations> = {
  data: [renderAuthorization(authorizationExample, undefined, { isOperator: false })],
  nextCursor: null,
};

export function listAuthorizations(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/wallets/{userId}/authorizations",
    operationId: "listAuthorizations",
    tags: ["Wallets"],
    summary: "List the authorizations from a wallet",
    description:
      "The authorizations that have reserved money of the wallet, as its payer, in the order of " +
      "the ledger, newest first. Paging while others write neither skips nor repeats one; each " +
      "page tells how they stand when it is read. A page looks at a limited part of the ledger: " +
      "with few authorizations in it, it may be short or empty, and not the last.",
    request: {
      params: z.object({ userId: walletParameter }),
      query,
    },
    responses: {
      200: {
        description: "A page of authorizations; empty if the wallet never reserved money.",
        headers: responseHeaders(),
        content: { "application/json": { schema: Authorizations, example } },
      },
      ...problemResponses(`/wallets/${examples.adaId}/authorizations`, [
        "validation_failed",
        "wallet_not_found",
      ]),
    },
  });

  app.get("/wallets/:userId/authorizations", strictQuery(query), async (c) => {
    const { status, limit, cursor } = c.req.valid("query");
    const named = c.req.param("userId");
    const walletId = parseWalletId(named);
    const scope = [
      "authorizations",
      c.get("tenant"),
      walletId ?? named,
      ...(status === undefined ? [] : [status]),
    ] as const;
    const before = cursor === undefined ? undefined : Number(decodeListCursor(scope, cursor));
    if (Number.isNaN(before)) return answerProblem(c, "validation_failed", [foreignCursor]);
    if (walletId === undefined || !mayUseWallet(c.get("principal"), walletId)) {
      return answerProblem(c, "wallet_not_found");
    }
    c.set("walletId", walletId);
    const call = {
      ...callOf(c),
      walletId,
      limit,
      ...(status !== undefined && { endedBy: endingOf(status) }),
      ...(before !== undefined && { before }),
    };
    const page = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).readAuthorizations(call),
    );
    if (!page.ok) return answerProblem(c, "wallet_not_found");
    return c.json(await renderPage(c, scope, page), 200);
  });
}
