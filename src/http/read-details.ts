// What reading a transaction answers, whichever way it was found: the record as its reader may see
// it, with what became of it since.
import type { z } from "@hono/zod-openapi";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import { readerOf } from "./access.ts";
import type { AppContext } from "./context.ts";
import { renderDetails } from "./render.ts";
import { findReversals } from "./reversals.ts";
import type { TransactionDetails } from "./schemas/transaction.ts";
import { readStanding } from "./standing.ts";

export async function readDetails(
  c: AppContext,
  found: TransactionRecord,
): Promise<z.infer<typeof TransactionDetails>> {
  const principal = c.get("principal");
  const isOperator = principal.scopes.includes("ops:read");
  const reader = { isOperator, ...readerOf(principal) };
  const [reversals, standing] = await Promise.all([
    findReversals(c, found),
    readStanding(c, found),
  ]);
  const surroundings = { ...(reversals && { reversals }), ...(standing && { standing }) };
  return renderDetails(found, reader, surroundings);
}
