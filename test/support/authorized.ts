// Reserved money in tests, and the ends of its authorizations.
import { readAuthorized, type Authorized } from "../../src/domain/operations/authorization.ts";
import { expirationOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import { submission, submit } from "./ledger.ts";

export interface AuthorizedSubmission {
  readonly submitted: Submission;
  readonly authorization: Authorized;
  /** What its log submits once its time is over. */
  readonly expiry: Submission;
}

/** Throws where the money is not there. */
export async function authorize(
  fromWalletId: string,
  toWalletId: string,
  amount: number,
  key?: string,
): Promise<AuthorizedSubmission> {
  const sent = { type: "authorization", fromWalletId, toWalletId, amount } as const;
  const submitted = submission(sent, key);
  const answer = await submit(submitted);
  const isCommitted = answer.outcome === "settled" && answer.transaction.state === "committed";
  const authorization = isCommitted && readAuthorized(answer.transaction);
  const expiration = isCommitted && expirationOf(answer.transaction);
  if (!authorization || !expiration) throw new Error("not authorized");
  return { submitted, authorization, expiry: expiration.submission };
}

/** A capture or a cancellation, as a client asks for it. */
export function endOf(
  { authorization }: AuthorizedSubmission,
  end: { readonly type: "capture"; readonly amount?: number } | { readonly type: "cancellation" },
  key?: string,
): Submission {
  return submission({ ...end, authorization }, key);
}
