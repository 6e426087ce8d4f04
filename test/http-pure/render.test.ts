// Guarantee: bodies of renderer versions 1 and 2 have this order of keys, for ever; a refusal of
// version 2 is true of any account, and says which one refused.
import { describe, expect, test } from "vitest";
import { refusalCodes, type RefusalCode } from "../../src/domain/errors.ts";
import type { TransactionRecord } from "../../src/domain/protocol/transaction.ts";
import {
  renderDetails,
  renderRefusal,
  renderSubmission,
  renderUser,
} from "../../src/http/render.ts";
import { refusalWordings1 } from "../../src/http/frozen-wordings.ts";
import { funding } from "../../src/http/operations/funding.ts";
import { split } from "../../src/http/operations/split.ts";
import { transfer } from "../../src/http/operations/transfer.ts";
import { withdrawal } from "../../src/http/operations/withdrawal.ts";
import * as examples from "../../src/http/schemas/examples.ts";

const anybody = { isOperator: false };
const rejected: TransactionRecord = {
  ...transfer.example.record,
  state: "rejected",
  refusal: { code: "insufficient_funds", account: examples.adaWalletId },
};

test("a user", () => {
  expect(Object.keys(renderUser({ ...examples.user, metadata: { a: "b" } }))).toEqual([
    "id",
    "walletId",
    "name",
    "email",
    "metadata",
    "createdAt",
  ]);
});

test("a funding, with everything", () => {
  const request = { ...funding.example.record.request, description: "d", metadata: { a: "b" } };
  expect(Object.keys(renderSubmission({ ...funding.example.record, request }, false))).toEqual([
    "id",
    "type",
    "status",
    "amount",
    "currency",
    "walletId",
    "paymentReference",
    "provider",
    "description",
    "metadata",
    "legs",
    "createdAt",
  ]);
});

test("a withdrawal, with everything", () => {
  const request = { ...withdrawal.example.record.request, description: "d", metadata: { a: "b" } };
  expect(Object.keys(renderSubmission({ ...withdrawal.example.record, request }, false))).toEqual([
    "id",
    "type",
    "status",
    "amount",
    "currency",
    "walletId",
    "payoutReference",
    "provider",
    "description",
    "metadata",
    "legs",
    "createdAt",
  ]);
});

test("a transfer, with as little as possible", () => {
  const { description: _, ...request } = transfer.example.record.request;
  const body = renderSubmission({ ...transfer.example.record, request }, false);
  expect(JSON.stringify(body)).toBe(
    `{"id":"${examples.transferId}","type":"transfer","status":"committed","amount":2500,` +
      `"currency":"USD","fromWalletId":"${examples.adaWalletId}",` +
      `"toWalletId":"${examples.benWalletId}",` +
      `"legs":[{"account":"${examples.adaWalletId}","direction":"debit","amount":2500,` +
      `"currency":"USD"},{"account":"${examples.benWalletId}","direction":"credit",` +
      `"amount":2500,"currency":"USD"}],"createdAt":"2026-10-20T09:32:00.000Z"}`,
  );
});

test("a decision that is not posted everywhere yet is pending to its sender", () => {
  expect(renderSubmission(transfer.example.record, true).status).toBe("pending");
  expect(renderDetails(transfer.example.record, anybody).status).toBe("committed");
});

test("an undecided transaction is pending", () => {
  const { decidedAt: _, settledAt: __, ...undecided } = transfer.example.record;
  const body = renderDetails({ ...undecided, state: "preparing" }, anybody);
  expect(body.status).toBe("pending");
  expect(Object.keys(body).at(-1)).toBe("createdAt");
});

test("who asked for a transaction is shown to operators, after the common fields", () => {
  const shown = Object.keys(renderDetails(transfer.example.record, { isOperator: true }));
  const hidden = Object.keys(renderDetails(transfer.example.record, anybody));
  expect(shown.slice(-3)).toEqual(["createdBy", "decidedAt", "settledAt"]);
  expect(hidden).toEqual(shown.filter((name) => name !== "createdBy"));
  expect(Object.keys(renderSubmission(transfer.example.record, false))).not.toContain("createdBy");
});

test("a rejected transaction shows what its sender was answered", () => {
  const details = renderDetails(rejected, anybody);
  expect(Object.keys(details).slice(-3)).toEqual(["decidedAt", "settledAt", "problem"]);
  expect(JSON.stringify(details.problem)).toBe(JSON.stringify(renderRefusal(rejected)));
});

describe.each([
  { renderer: 1, codes: Object.keys(refusalWordings1) as RefusalCode[] },
  { renderer: 2, codes: refusalCodes },
])("renderer $renderer", ({ renderer, codes }) => {
  test.each(codes)("a recorded refusal holds only what is recorded: %s", (code) => {
    const refusal = { code, account: examples.adaWalletId };
    const body = renderRefusal({ ...rejected, renderer, refusal });
    expect(Object.keys(body)).toEqual(["type", "title", "status", "code", "detail", "instance"]);
    expect(body.instance).toBe(`/transactions/${examples.transferId}`);
  });
});

test.each(refusalCodes)(
  "a refusal of version 2 speaks of no sender and no receiver: %s",
  (code) => {
    for (const refusal of [{ code }, { code, account: examples.adaWalletId }]) {
      const { detail } = renderRefusal({ ...rejected, renderer: 2, refusal });
      expect(detail).not.toMatch(/sender|receiver|the amount/);
    }
  },
);

test.each(["wallet_not_found", "wallet_frozen", "insufficient_funds", "balance_limit_exceeded"])(
  "a refusal names the wallet that gave it, from version 2 on: %s",
  (code) => {
    const refusal = { code: code as RefusalCode, account: examples.benWalletId };
    const details = [1, 2].map(
      (renderer) => renderRefusal({ ...rejected, renderer, refusal }).detail,
    );
    expect(details.map((detail) => detail.includes(examples.benWalletId))).toEqual([false, true]);
  },
);

test("a user is not told of another's wallet, neither by lines nor by what refused", () => {
  const [own, other] = [examples.adaWalletId, examples.benWalletId];
  const read = (account: string, walletId?: string) => {
    const refusal = { code: "balance_limit_exceeded", account } as const;
    const reader = { ...anybody, ...(walletId !== undefined && { walletId }) };
    return renderDetails({ ...split.example.record, state: "rejected", refusal }, reader);
  };
  expect(read(own, own).problem?.detail).toContain(own);
  expect(JSON.stringify(read(other))).toContain(other);
  const hidden = read(other, own);
  expect(JSON.stringify(hidden)).not.toContain(other);
  expect(hidden.problem?.code).toBe("balance_limit_exceeded");
});

test("a refusal that a renderer has no wording of is not guessed at", () => {
  const refusal = { code: "duplicate_payout_reference" } as const;
  expect(() => renderRefusal({ ...rejected, renderer: 1, refusal })).toThrow("has no wording");
});

test("a duplicate names the transaction that came first", () => {
  const refusal = {
    code: "duplicate_payment_reference",
    transactionId: examples.fundingId,
  } as const;
  const body = renderRefusal({ ...rejected, refusal });
  expect(Object.entries(body).at(-1)).toEqual(["transactionId", examples.fundingId]);
});

test("a record of a renderer that does not exist is not guessed at", () => {
  expect(() => renderSubmission({ ...transfer.example.record, renderer: 3 }, false)).toThrow(
    "no such renderer",
  );
});
