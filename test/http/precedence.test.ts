// Guarantee: where a request is wrong in several ways, the first in the order of domain/errors.ts
// is answered. Every pair of faults that one request can have is tried, and all of them at once.
import { describe, expect, test } from "vitest";
import { problemCodes, type ProblemCode } from "../../src/domain/errors.ts";
import { userIdFor } from "../../src/domain/ids.ts";
import { send } from "../support/http.ts";
import {
  fund,
  newFunding,
  newTransfer,
  newWithdrawal,
  posting,
  transfer,
  withdraw,
} from "../support/http-ledger.ts";
import { openFunded, openUser } from "../support/http-users.ts";
import { tenant } from "../support/caller.ts";
import { newKey } from "../support/keys.ts";
import { setFrozen } from "../support/recorded.ts";

type Faults = ReadonlySet<ProblemCode>;

interface Draft {
  readonly path: string;
  readonly body: object;
  /** A key that was used for something else. */
  readonly usedKey: string;
}

const amountMax = 2 ** 53 - 1;
const [sender, receiver, poor, frozen, poorAndFrozen, full] = await Promise.all([
  openFunded(1_000_000),
  openUser(),
  openUser(),
  openFunded(1_000_000),
  openUser(),
  openFunded(amountMax),
]);
await Promise.all([frozen, poorAndFrozen].map(({ walletId }) => setFrozen(walletId, true)));
const unknown = userIdFor(tenant, newKey());
const usedFunding = newFunding(receiver.walletId, 3);
const usedFundingKey = newKey();
await fund(usedFunding, usedFundingKey);
const usedWithdrawal = newWithdrawal(sender.walletId, 3);
await withdraw(usedWithdrawal);
const usedTransferKey = newKey();
await transfer(newTransfer(sender.walletId, receiver.walletId, 3), usedTransferKey);
const usedUserKey = newKey();
await openUser("Used", usedUserKey);

function transferWith(faults: Faults): Draft {
  const tooMuch = faults.has("balance_limit_exceeded");
  const missing = faults.has("wallet_not_found");
  const payer = () => {
    if (missing && tooMuch) return unknown;
    if (faults.has("wallet_frozen")) {
      return (faults.has("insufficient_funds") ? poorAndFrozen : frozen).walletId;
    }
    return (faults.has("insufficient_funds") ? poor : sender).walletId;
  };
  const payee = () => {
    if (faults.has("same_wallet")) return payer().replace("wal_", "usr_");
    if (tooMuch) return full.walletId;
    return missing ? unknown : receiver.userId;
  };
  const body = newTransfer(payer(), payee(), 5);
  return { path: "/transactions/transfer", body, usedKey: usedTransferKey };
}

/** Of a payment from outside: the last wallet of the postings is the one that is asked for. */
function splitWith(faults: Faults): Draft {
  const between = { ...transferWith(faults).body } as ReturnType<typeof newTransfer>;
  const { fromWalletId, toWalletId, amount } = between;
  const { paymentReference } = faults.has("duplicate_payment_reference")
    ? usedFunding
    : newFunding("", 1);
  const postings = [
    posting("external", receiver.walletId, 2),
    posting(fromWalletId, toWalletId, amount),
  ];
  return {
    path: "/transactions",
    body: { postings, paymentReference },
    usedKey: usedTransferKey,
  };
}

function withdrawalWith(faults: Faults): Draft {
  const payer = () => {
    if (faults.has("wallet_not_found")) return unknown;
    if (!faults.has("wallet_frozen")) {
      return (faults.has("insufficient_funds") ? poor : sender).walletId;
    }
    return (faults.has("insufficient_funds") ? poorAndFrozen : frozen).walletId;
  };
  const { payoutReference } = faults.has("duplicate_payout_reference")
    ? usedWithdrawal
    : newWithdrawal("", 1);
  const body = { walletId: payer(), amount: 5, payoutReference };
  return { path: "/transactions/withdraw", body, usedKey: usedFundingKey };
}

function fundingWith(faults: Faults): Draft {
  const wallet = faults.has("balance_limit_exceeded") ? full : receiver;
  const walletId = faults.has("wallet_not_found") ? unknown : wallet.walletId;
  const duplicate = faults.has("duplicate_payment_reference");
  const { paymentReference } = duplicate ? usedFunding : newFunding("", 1);
  const body = { walletId, amount: 5, paymentReference };
  return { path: "/transactions/fund", body, usedKey: usedFundingKey };
}

function userWith(): Draft {
  return { path: "/users", body: { name: "Ada" }, usedKey: usedUserKey };
}

/** Sends the draft with the faults that any write can have, and returns the code of the answer. */
async function codeOf(faults: Faults, draft: Draft): Promise<unknown> {
  const path = faults.has("not_found") ? "/none" : draft.path;
  const method = faults.has("method_not_allowed") ? "PUT" : "POST";
  const shape = faults.has("validation_failed") ? { ...draft.body, unknown: 1 } : draft.body;
  const json = JSON.stringify(shape) + (faults.has("malformed_json") ? "," : "");
  const body = faults.has("payload_too_large") ? json + " ".repeat(90_000) : json;
  const own = faults.has("idempotency_key_reused") ? draft.usedKey : newKey();
  const key = faults.has("idempotency_key_invalid") ? `${own},` : own;
  const typed = faults.has("unsupported_media_type") ? "text/plain" : "application/json";
  const headers: Record<string, string> = { "content-type": typed };
  if (!faults.has("idempotency_key_missing")) headers["idempotency-key"] = key;
  return (await send(method, path, { headers, body })).body["code"];
}

const ofEveryWrite: readonly ProblemCode[] = [
  "not_found",
  "method_not_allowed",
  "unsupported_media_type",
  "payload_too_large",
  "malformed_json",
  "validation_failed",
  "idempotency_key_missing",
  "idempotency_key_invalid",
  "idempotency_key_reused",
];

/** Faults that one request cannot have both. */
const exclusive: readonly (readonly ProblemCode[])[] = [
  ["idempotency_key_missing", "idempotency_key_invalid"],
  ["idempotency_key_missing", "idempotency_key_reused"],
  // The wallet that does not exist is the sender then, and has neither funds nor a freeze.
  ["wallet_not_found", "balance_limit_exceeded", "insufficient_funds"],
  ["wallet_not_found", "balance_limit_exceeded", "wallet_frozen"],
];

const inOrder = (codes: readonly ProblemCode[]) =>
  codes.toSorted((left, right) => problemCodes.indexOf(left) - problemCodes.indexOf(right));

function isPossible(codes: readonly ProblemCode[]): boolean {
  return !exclusive.some((excluded) => excluded.every((code) => codes.includes(code)));
}

function combinations(codes: readonly ProblemCode[]): ProblemCode[][] {
  const single = codes.map((code) => [code]);
  const pairs = codes.flatMap((one, index) => codes.slice(index + 1).map((other) => [one, other]));
  const all = codes.map((_, index) =>
    codes.slice(index).reduce<ProblemCode[]>((chosen, code) => {
      return isPossible([...chosen, code]) ? [...chosen, code] : chosen;
    }, []),
  );
  return [...single, ...pairs, ...all].filter(isPossible);
}

describe.each<[string, readonly ProblemCode[], (faults: Faults) => Draft, number]>([
  ["open a user", [], userWith, 40],
  [
    "fund",
    ["wallet_not_found", "duplicate_payment_reference", "balance_limit_exceeded"],
    fundingWith,
    70,
  ],
  [
    "transfer",
    [
      "same_wallet",
      "wallet_not_found",
      "wallet_frozen",
      "insufficient_funds",
      "balance_limit_exceeded",
    ],
    transferWith,
    100,
  ],
  [
    "withdraw",
    ["wallet_not_found", "wallet_frozen", "duplicate_payout_reference", "insufficient_funds"],
    withdrawalWith,
    80,
  ],
  [
    "split",
    [
      "same_wallet",
      "wallet_not_found",
      "wallet_frozen",
      "duplicate_payment_reference",
      "insufficient_funds",
      "balance_limit_exceeded",
    ],
    splitWith,
    110,
  ],
])("%s", (_, own, draftWith, combinationsMin) => {
  const cases = combinations(inOrder([...ofEveryWrite, ...own]));

  test("has enough combinations to speak of", () => {
    expect(cases.length).toBeGreaterThan(combinationsMin);
  });

  test("the first fault is answered", { timeout: 30_000 }, async () => {
    const answered = await Promise.all(
      cases.map(async (codes) => {
        const faults = new Set(codes);
        return [codes.join(" + "), await codeOf(faults, draftWith(faults))];
      }),
    );
    expect(answered).toEqual(cases.map((codes) => [codes.join(" + "), codes[0]]));
  });
});

describe("what is recorded comes after what is not", () => {
  test("an impossible wallet under a used key", async () => {
    for (const id of ["wal_1", "external:default", ""]) {
      const body = newTransfer(sender.walletId, id, 5);
      const draft = { path: "/transactions/transfer", body, usedKey: usedTransferKey };
      expect(await codeOf(new Set(["idempotency_key_reused"]), draft)).toBe(
        "idempotency_key_reused",
      );
      expect(await codeOf(new Set(), draft)).toBe("wallet_not_found");
    }
  });

  test("two impossible wallets of one name are the same wallet", async () => {
    const draft = { path: "/transactions/transfer", body: newTransfer("x", "x", 5), usedKey: "" };
    expect(await codeOf(new Set(), draft)).toBe("same_wallet");
  });
});
