// The ledger as a whole, for operators: the scrub of its logs, the books of the outside world.
import { z } from "@hono/zod-openapi";
import { shardCount } from "../../domain/limits.ts";
import { scrubDifferenceKinds } from "../../domain/protocol/scrub.ts";
import * as examples from "./examples.ts";
import { account, currencyCode, idOf, integer, timestamp } from "./fields.ts";

const shards = (description: string) => integer(0, shardCount).openapi({ description });

export const ScrubInput = z
  .strictObject({})
  .openapi("ScrubInput", { description: "Empty: all log shards are scrubbed as a whole." });

export const ScrubCommand = z
  .object({ id: idOf("scr", examples.scrubId) })
  .openapi("ScrubCommand", { description: "A command to scrub, as it was recorded." });

const ScrubDifference = z
  .object({
    transactionId: z
      .string()
      .regex(/^[^]*$/)
      .openapi({
        description: "As the log has it, which somebody may have edited.",
        pattern: "^.*$",
        example: examples.transferId,
      }),
    account: account.optional().openapi({
      description: "Absent where the transaction's own row in its log is wrong.",
    }),
    kind: z.enum(scrubDifferenceKinds).openapi("ScrubDifferenceKind", {
      description:
        "`missing_leg`, `missing_entry`, `void_leg`, `unposted_leg`: the account has lost what " +
        "was committed. `different_leg`, `different_entry`, `different_anchor`: it has it " +
        "otherwise. `posted_without_commit`: it has what was never committed. `unbalanced`, " +
        "`legs_differ_from_request`, `unreadable_transaction`: the log's row is wrong. " +
        "`unreadable_leg`: the account's row is.",
    }),
    firstFoundAt: timestamp,
    lastFoundAt: timestamp.openapi({
      description: "When a round saw it last. Before `lastEndedAt`: it is no longer so.",
    }),
  })
  .openapi("ScrubDifference", {
    description: "What a log has decided and an account does not have, or has otherwise.",
  });

export const Scrub = z
  .object({
    running: shards("Shards in the middle of a round."),
    waiting: shards("Shards that wait for their next round."),
    empty: shards("Shards without transactions: there is nothing to scrub."),
    unreachableShards: shards("Shards that did not answer. Not 0: the report is incomplete."),
    progressPercent: integer(0, 100).openapi({
      description: "How far the shards with transactions are in their latest round.",
      example: 25,
    }),
    lastEndedAt: timestamp.nullable().openapi({
      description:
        "When the shard that is furthest behind ended its last whole round: everything settled " +
        "7 days before was looked at. Null until each has ended one.",
    }),
    nextStartAt: timestamp.nullable().openapi({
      description: "When the next batch, of whichever shard, begins. Null where all are empty.",
    }),
    incompleteShards: shards(
      "Shards whose latest round left transactions out because an account did not answer.",
    ),
    differenceCount: integer().openapi({ description: "All that were ever found." }),
    differences: z.array(ScrubDifference).openapi({
      description: "Your tenant's, those seen latest first, at most 20 of each shard.",
    }),
  })
  .openapi("Scrub", { description: "How far the scrub of all log shards is, and what it found." });

const sum = z
  .string()
  .regex(/^-?[0-9]+$/)
  .openapi({ description: "Minor units, as a decimal text: exact at any size.", example: "10000" });

const BookLine = z
  .object({
    provider: z.string().nullable().openapi({
      description: "Null: an open leg without a claim, which an audit reports.",
      example: examples.newFunding.provider,
    }),
    currency: currencyCode,
    entries: integer().openapi({ description: "Posted legs of the outside world." }),
    debits: sum,
    credits: sum,
    net: sum.openapi({
      description: "Credits less debits. All wallets together hold the opposite, once settled.",
      example: "-10000",
    }),
    inFlight: z
      .object({
        legs: integer().openapi({ description: "Held legs of the outside world." }),
        debits: sum,
        credits: sum,
      })
      .openapi("BooksInFlight", { description: "Undecided, or committed and not posted yet." }),
  })
  .openapi("BookLine", { description: "What one provider and currency amount to." });

export const Books = z
  .object({
    data: z.array(BookLine).openapi({ description: "By provider, then by currency." }),
    unreachableShards: shards("Shards that did not answer. Not 0: the sums are incomplete."),
  })
  .openapi("Books", { description: "The outside world's side of the tenant's books." });
