// Money operations without HTTP: requests, and their submission to the log itself, as the edge does
// it. Every operation has a fresh key unless it is given one.
import { env } from "cloudflare:workers";
import { logShardOf } from "../../src/domain/ids.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { SentFunding } from "../../src/domain/operations/funding.ts";
import type { SentTransfer } from "../../src/domain/operations/transfer.ts";
import type { SentWithdrawal } from "../../src/domain/operations/withdrawal.ts";
import { submissionOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import type { SubmitResult } from "../../src/durable-objects/transfer-log/contract.ts";
import { logStub } from "../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "./caller.ts";
import { newKey } from "./keys.ts";

export function submission(sent: SentRequest, key = newKey()): Submission {
  return submissionOf(tenant, key, sent, "USD");
}

export function submit(submitted: Submission): Promise<SubmitResult> {
  const log = logStub(env, logShardOf(submitted.id));
  return log.submit({ ...call, principal: "test", submission: submitted });
}

export function funding(
  walletId: string,
  amount: number,
  paymentReference: string = newKey(),
): SentFunding {
  return { type: "funding", walletId, amount, paymentReference };
}

export function transfer(fromWalletId: string, toWalletId: string, amount: number): SentTransfer {
  return { type: "transfer", fromWalletId, toWalletId, amount };
}

export function withdrawal(
  walletId: string,
  amount: number,
  payoutReference: string = newKey(),
): SentWithdrawal {
  return { type: "withdrawal", walletId, amount, payoutReference };
}

/** "committed", the code of the refusal, "pending", or the problem that kept it from being recorded. */
export function outcomeOf(result: SubmitResult): string {
  if (result.outcome === "refused") return result.problem;
  if (result.outcome === "pending") return "pending";
  return result.transaction.refusal?.code ?? result.transaction.state;
}
