// The answer to reading a transaction, by its id or by a reference: the record as its reader may
// see it, with its reversals and the state of an authorization.
import type { z } from "@hono/zod-openapi";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import { readerOf } from "./access.ts";
import { readAuthorizationState } from "./authorization-state.ts";
import type { AppContext } from "./context.ts";
import { readEntryPlaces } from "./entry-places.ts";
import { renderDetails } from "./render.ts";
import { findReversals } from "./reversals.ts";
import type { TransactionDetails } from "./schemas/transaction.ts";

/** Who reads it. */
export function detailsReaderOf(c: AppContext) {
  const principal = c.get("principal");
  return { isOperator: principal.scopes.includes("ops:read"), ...readerOf(principal) };
}

export async function readDetails(
  c: AppContext,
  found: TransactionRecord,
  { withEntries }: { readonly withEntries: boolean } = { withEntries: false },
): Promise<z.infer<typeof TransactionDetails>> {
  const [reversals, authorization, entries] = await Promise.all([
    findReversals(c, found),
    readAuthorizationState(c, found),
    withEntries ? readEntryPlaces(c, found) : undefined,
  ]);
  const surroundings = {
    ...(reversals && { reversals }),
    ...(authorization && { authorization }),
    ...(entries && { entries }),
  };
  return renderDetails(found, detailsReaderOf(c), surroundings);
}
