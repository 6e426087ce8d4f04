// Example records, from which the examples of the documentation are rendered. They tell one story:
// the same keys against a fresh service give the same ids.
import type { FreezeRecord, UserRecord } from "../../durable-objects/wallet/contract.ts";
import type { KeyRecord } from "../../durable-objects/key-ring/contract.ts";
import { encodeSecret, formatApiKey } from "../../domain/api-key.ts";
import { digestTuple } from "../../domain/digest.ts";
import {
  apiKeyIdFor,
  expiryIdFor,
  freezeIdFor,
  scrubIdFor,
  transactionIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../domain/ids.ts";
import { batchOf } from "../../domain/protocol/batch.ts";
import {
  currentRenderer,
  linesOf,
  submissionOf,
  type Submission,
  type TransactionRecord,
} from "../../domain/protocol/transaction.ts";
import type { SentRequest } from "../../domain/operations/all.ts";

const tenant = "main";

export const exampleKeys = {
  ada: "user-ada-1",
  ben: "user-ben-1",
  funding: "fund-ada-1",
  transfer: "pay-ben-1",
  secondFunding: "fund-ada-2",
  split: "order-1009",
  withdrawal: "pay-out-ada-1",
  secondWithdrawal: "pay-out-ada-2",
  earlierReversal: "give-back-1",
  reversal: "give-back-2",
  authorization: "reserve-ada-1",
  capture: "capture-ada-1",
  cancellation: "cancel-ada-1",
  batch: "payday-2026-10",
  freeze: "freeze-ada-1",
  scrub: "scrub-2026-10",
  apiKey: "payments-1",
  oldApiKey: "payments-0",
};

export const adaId = userIdFor(tenant, exampleKeys.ada);
export const adaWalletId = walletIdOfUser(adaId);
export const benWalletId = walletIdOfUser(userIdFor(tenant, exampleKeys.ben));
export const fundingId = transactionIdFor(tenant, exampleKeys.funding);
export const secondFundingId = transactionIdFor(tenant, exampleKeys.secondFunding);
export const splitId = transactionIdFor(tenant, exampleKeys.split);
export const withdrawalId = transactionIdFor(tenant, exampleKeys.withdrawal);
export const secondWithdrawalId = transactionIdFor(tenant, exampleKeys.secondWithdrawal);
export const earlierReversalId = transactionIdFor(tenant, exampleKeys.earlierReversal);
export const reversalId = transactionIdFor(tenant, exampleKeys.reversal);
export const authorizationId = transactionIdFor(tenant, exampleKeys.authorization);
export const captureId = transactionIdFor(tenant, exampleKeys.capture);
export const cancellationId = transactionIdFor(tenant, exampleKeys.cancellation);
export const expiryId = expiryIdFor(tenant, authorizationId);
export const transferId = transactionIdFor(tenant, exampleKeys.transfer);

export const principalId = "payments-backend";
export const freezeId = freezeIdFor(tenant, adaWalletId, exampleKeys.freeze);

export const scrubId = scrubIdFor(tenant, exampleKeys.scrub);

export const openedAt = Date.UTC(2026, 9, 20, 9, 30);
export const requestId = "6b1f0c9a-3f0e-4d5e-9f6a-0d8f3f1f2c11";
export const ada = { name: "Ada Lovelace", email: "ada@example.com" };
export const ben = { name: "Ben Bolt" };
export const provider = "stripe";
export const paymentReference = "ch_3PqTz82eZvKYlo2C";
export const payoutReference = "po_1PqTz82eZvKYlo2C";

export const newFreeze = { frozen: true, reason: "Reported as stolen, case 4711" };

/** An example of a hash: 64 hexadecimal digits. */
export const hash = digestTuple(["example"]);

export const user: UserRecord = {
  ...ada,
  walletId: adaWalletId,
  createdAt: openedAt,
  renderer: currentRenderer,
};

export const freeze: FreezeRecord = {
  ...newFreeze,
  id: freezeId,
  walletId: adaWalletId,
  principal: principalId,
  createdAt: openedAt + 3_600_000,
  renderer: currentRenderer,
};

/** A wallet's money, reserved for another wallet. */
export const newAuthorization = {
  fromWalletId: adaWalletId,
  toWalletId: benWalletId,
  amount: 2_000,
  currency: "USD",
  expiresIn: 3_600,
};

export const authorizedAt = openedAt + 200_000;

/** What its ends copy of it. */
export const authorized = {
  transactionId: authorizationId,
  fromWalletId: adaWalletId,
  toWalletId: benWalletId,
  amount: newAuthorization.amount,
  currency: newAuthorization.currency,
  expiresAt: authorizedAt + newAuthorization.expiresIn * 1_000,
};

/** The record that a sent request leaves behind when all went well. */
export function committed(key: string, sent: SentRequest, createdAt: number): TransactionRecord {
  return committedAs(submissionOf(tenant, key, sent, "USD"), createdAt);
}

/** The same of a batch. */
export function committedTogether(
  key: string,
  sent: readonly SentRequest[],
  createdAt: number,
): readonly TransactionRecord[] {
  const { items } = batchOf(tenant, key, sent, "USD");
  return items.map((item) => committedAs(item, createdAt));
}

function committedAs(submission: Submission, createdAt: number): TransactionRecord {
  return {
    ...submission,
    state: "committed",
    lines: linesOf(submission.request),
    renderer: currentRenderer,
    principal: principalId,
    createdAt,
    decidedAt: createdAt + 12,
    settledAt: createdAt + 21,
  };
}

export const apiKeyId = apiKeyIdFor(tenant, exampleKeys.apiKey);

/** The form of a key; its secret is all zeros. */
export const apiKey = formatApiKey({
  environment: "production",
  id: apiKeyId,
  secret: encodeSecret(new Uint8Array(32)),
});

export const newApiKey = {
  name: "payments back end",
  scopes: ["wallets:read", "transfers:write"] as const,
};

export const keyRecord: KeyRecord = {
  ...newApiKey,
  id: apiKeyId,
  tenant,
  secretHash: hash,
  createdBy: apiKeyIdFor(tenant, exampleKeys.oldApiKey),
  createdAt: openedAt,
};

export const revokedKeyRecord: KeyRecord = {
  ...keyRecord,
  id: apiKeyIdFor(tenant, exampleKeys.oldApiKey),
  createdAt: openedAt - 60_000,
  revoked: { by: apiKeyId, at: openedAt + 60_000 },
};
