// Schemas of operators' checks of the whole ledger: the scrub of the logs and the books of the
// outside world.
import { z } from "@hono/zod-openapi";
import { shardCount } from "../../domain/limits.ts";
import { scrubDifferenceKinds } from "../../domain/protocol/scrub.ts";
import * as examples from "./examples.ts";
import { account, currencyCode, idOf, integer, timestamp } from "./fields.ts";

const shards = (description: string) => integer(0, shardCount).openapi({ description });

export const ScrubInput = z
  .strictObject({})
  .openapi("ScrubInput", { description: "Empty: the command concerns all log shards." });

export const ScrubCommand = z
  .object({ id: idOf("scr", examples.scrubId) })
  .openapi("ScrubCommand", { description: "A recorded command to start a scrub." });

const ScrubDifference = z
  .object({
    transactionId: z
      .string()
      .regex(/^[^]*$/)
      .openapi({
        description: "The id in the log's row, which may itself be damaged.",
        pattern: "^.*$",
        example: examples.transferId,
      }),
    account: account.optional().openapi({
      description: "Absent if the transaction's own row in the log is wrong.",
    }),
    kind: z.enum(scrubDifferenceKinds).openapi("ScrubDifferenceKind", {
      description:
        "`missing_leg`, `missing_entry`, `void_leg`, `unposted_leg`: the account lacks a " +
        "committed leg. `different_leg`, `different_entry`, `different_anchor`: the account's " +
        "leg differs. `posted_without_commit`: the account posted a leg that was not committed. " +
        "`unbalanced`, `lines_differ_from_request`, `unreadable_transaction`: the log's row is " +
        "wrong. `unreadable_leg`: the account's row is unreadable. `missing_expiration`: nothing " +
        "will end an open authorization. `wrong_expiration`: the log is to end something that " +
        "is no authorization, or at another time than its own. `wrong_schema`: a table or " +
        "trigger of the log is missing or changed; the transaction is the shard's first.",
    }),
    firstFoundAt: timestamp,
    lastFoundAt: timestamp.openapi({
      description: "When a round last found it. Before `lastEndedAt`: it is resolved.",
    }),
  })
  .openapi("ScrubDifference", {
    description: "A difference between a log's decision and an account.",
  });

export const Scrub = z
  .object({
    running: shards("Shards in the middle of a round."),
    waiting: shards("Shards that wait for their next round."),
    empty: shards("Shards without transactions."),
    unreachableShards: shards("Shards that did not answer. Not 0: the report is incomplete."),
    progressPercent: integer(0, 100).openapi({
      description: "Progress of the latest round over the shards with transactions.",
      example: 25,
    }),
    lastEndedAt: timestamp.nullable().openapi({
      description:
        "When the shard that is furthest behind ended its last complete round: everything " +
        "settled 7 days before was checked. Null until every shard has completed one.",
    }),
    nextStartAt: timestamp.nullable().openapi({
      description: "When the next batch of any shard starts. Null if all shards are empty.",
    }),
    incompleteShards: shards(
      "Shards whose latest round left transactions out because an account did not answer.",
    ),
    differenceCount: integer().openapi({ description: "All differences found so far." }),
    differences: z.array(ScrubDifference).openapi({
      description: "Differences of your tenant, latest first, at most 20 of each shard.",
    }),
  })
  .openapi("Scrub", { description: "Progress and findings of the scrub of all log shards." });

const sum = z
  .string()
  .regex(/^-?[0-9]+$/)
  .openapi({
    description: "Minor units, as a decimal string: exact at any size.",
    example: "10000",
  });

const BookLine = z
  .object({
    provider: z.string().nullable().openapi({
      description: "Null: an open leg without a claim, which an audit reports.",
      example: examples.provider,
    }),
    currency: currencyCode,
    entries: integer().openapi({ description: "Posted legs of the outside world." }),
    debits: sum,
    credits: sum,
    net: sum.openapi({
      description: "Credits minus debits. Once settled, all wallets together hold the opposite.",
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
  .openapi("BookLine", { description: "The sums of one provider and currency." });

export const Books = z
  .object({
    data: z.array(BookLine).openapi({ description: "By provider, then by currency." }),
    unreachableShards: shards("Shards that did not answer. Not 0: the sums are incomplete."),
  })
  .openapi("Books", { description: "The outside world's side of the tenant's books." });
