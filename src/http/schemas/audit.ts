// Schemas of audit reports: of a wallet, of a shard of the outside world, and of the API keys of a
// tenant.
import { z } from "@hono/zod-openapi";
import {
  differenceKinds,
  keyDifferenceKinds,
} from "../../durable-objects/account/audit-contract.ts";
import { keyShardCount, shardCount } from "../../domain/limits.ts";
import { idOf, integer, transactionIdShown, walletIdShown } from "./fields.ts";
import * as examples from "./examples.ts";
import { LedgerPosition } from "./wallet.ts";

const status = z.enum(["consistent", "different", "incomplete"]).openapi("AuditStatus", {
  description: "`incomplete`: no difference was found, but some shards did not answer.",
});

const counts = {
  entries: integer().openapi({ description: "Entries of the ledger." }),
  holds: integer().openapi({ description: "Undecided legs." }),
  transactions: integer().openapi({
    description: "Committed transactions that were compared with their transfer logs.",
  }),
};

const AuditCounts = z
  .object({
    ...counts,
    checkpoints: integer().openapi({ description: "Stored sums of entries." }),
    freezes: integer().openapi({ description: "Freezes and thaws." }),
  })
  .openapi("AuditCounts", { description: "How much was compared." });

const ExternalAuditCounts = z
  .object({
    ...counts,
    claims: integer().openapi({ description: "Claims, such as on payment references." }),
  })
  .openapi("ExternalAuditCounts", { description: "How much was compared." });

/** Some generators put the constants of all enumerations into one namespace. */
function named(prefix: string, kinds: readonly string[]) {
  return { "x-enum-varnames": kinds.map((kind) => `${prefix}_${kind.toUpperCase()}`) };
}

const field = z
  .string()
  .optional()
  .openapi({ description: "The field that differs, or the table or trigger.", example: "amount" });

const AuditDifference = z
  .object({
    kind: z.enum(differenceKinds).openapi("AuditDifferenceKind", {
      description:
        "`wrong_identity`: the file of another account. `wrong_schema`: a table or trigger is " +
        "missing or changed. `sequence_gap`, `broken_hash`: the chain of entries is broken. " +
        "`entry_without_leg`, `entry_differs_from_leg`, `incomplete_leg`, `missing_entry`: the " +
        "account's entries and legs contradict each other. `origin_not_posted`: a leg precedes " +
        "the one that it ends or reverses. `wrong_end`: a leg does not take out of `reserved` " +
        "all that the authorization it ends has put there. `wrong_reserved`: `reserved` is not " +
        "the sum of the authorizations without an end; `field` is the currency. " +
        "`negative_balance`, `balance_limit_exceeded`: no balance can be like that. " +
        "`wrong_checkpoint`: a stored sum is wrong. `wrong_claim`, " +
        "`wrong_profile`, `wrong_freeze`: a record contradicts its leg or its request. " +
        "`unknown_hold`, `leg_unknown_to_log`, `leg_differs_from_log`, `entry_unknown_to_log`, " +
        "`entry_differs_from_log`: the account contradicts the transaction's log.",
      ...named("DIFFERENCE", differenceKinds),
    }),
    sequence: integer().optional().openapi({ description: "The entry or the record concerned." }),
    transactionId: transactionIdShown.optional(),
    field,
  })
  .openapi("AuditDifference", { description: "Where the books differ." });

const outcome = {
  unreachableShards: integer(0, shardCount).openapi({
    description: "Transfer logs that did not answer.",
  }),
  firstDifference: AuditDifference.optional(),
};
const asOf = LedgerPosition.openapi({ description: "The last ledger entry that was audited." });

export const Audit = z
  .object({ walletId: walletIdShown, status, asOf, checked: AuditCounts, ...outcome })
  .openapi("Audit", { description: "The result of the audit of a wallet." });

export const ExternalAudit = z
  .object({
    account: z
      .string()
      .regex(/^external-[0-9a-f]{2}$/)
      .openapi({ description: "The shard of the outside world.", example: "external-7f" }),
    status,
    asOf,
    checked: ExternalAuditCounts,
    ...outcome,
  })
  .openapi("ExternalAudit", { description: "The result of the audit of an external shard." });

const KeyDifference = z
  .object({
    kind: z.enum(keyDifferenceKinds).openapi("KeyDifferenceKind", {
      description: "What is wrong.",
      ...named("KEY_DIFFERENCE", keyDifferenceKinds),
    }),
    keyId: idOf("key", examples.apiKeyId).openapi({ description: "The key." }).optional(),
    field,
  })
  .openapi("KeyDifference", { description: "Where the records of API keys differ." });

export const KeyAudit = z
  .object({
    status,
    checked: z
      .object({ keys: integer().openapi({ description: "Revoked ones included." }) })
      .openapi("KeyAuditCounts", { description: "How much was compared." }),
    unreachableRings: integer(0, keyShardCount).openapi({
      description: "Key rings that did not answer.",
    }),
    firstDifference: KeyDifference.optional(),
  })
  .openapi("KeyAudit", {
    description: "The result of the audit of the tenant's API keys.",
  });
