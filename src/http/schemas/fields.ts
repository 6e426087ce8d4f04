// Schemas of the fields that several bodies and queries share. One object both validates and
// documents.
import { z } from "@hono/zod-openapi";
import { isCurrency } from "../../domain/ledger/currencies.ts";
import { buckets } from "../../domain/ledger/line.ts";
import { idEnding } from "../../domain/ids.ts";
import {
  amountMax,
  descriptionLengthMax,
  metadataBytesMax,
  metadataKeyLengthMax,
  metadataPairsMax,
  metadataValueLengthMax,
  providerLengthMax,
} from "../../domain/limits.ts";
import { readInstant } from "../instant.ts";
import * as examples from "./examples.ts";
import { noNul, text } from "./texts.ts";

/** An integer that every client can hold: 64 bits wide, and exact as a double. */
export function integer(min = 0, max = amountMax) {
  return z.int().min(min).max(max).openapi({ format: "int64" });
}

export const amount = integer(1).openapi({
  description: "In minor units of the currency, such as cents: a plain integer.",
  example: 2500,
});

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: "Three upper-case letters.", abort: true })
  .refine(isCurrency, "Not a currency of ISO 4217.")
  .openapi({
    description: "An ISO 4217 code in upper case.",
    minLength: 3,
    maxLength: 3,
  });

/** A currency in an answer. Membership in ISO 4217 was checked on input. */
export const currencyCode = z
  .string()
  .length(3)
  .regex(/^[A-Z]{3}$/)
  .openapi({ description: "An ISO 4217 code.", example: "USD" });

/** An id in an answer. */
export function idOf(prefix: "usr" | "wal" | "txn" | "key" | "frz" | "scr", example: string) {
  return z
    .string()
    .length(30)
    .regex(new RegExp(`^${prefix}_${idEnding}$`))
    .openapi({ example });
}

export const userIdShown = idOf("usr", examples.adaId);
export const walletIdShown = idOf("wal", examples.adaWalletId);
export const transactionIdShown = idOf("txn", examples.transferId);

/** Validated as a string only: a malformed id is answered like one that does not exist. The
 *  document shows the pattern all the same. */
export const walletId = z.string().openapi({
  minLength: 30,
  maxLength: 30,
  pattern: `^(wal|usr)_${idEnding}$`,
  description: "A wallet, `wal_...`, or its owner, `usr_...`: both name the same wallet.",
  example: examples.adaWalletId,
});

export const provider = z
  .string()
  .regex(
    new RegExp(`^[a-z0-9_-]{1,${providerLengthMax}}$`),
    `1 to ${providerLengthMax} of the characters a-z 0-9 _ -`,
  )
  .openapi({
    description: "The provider of the payment.",
    minLength: 1,
    maxLength: providerLengthMax,
    example: examples.provider,
  });

export const description = text(0, descriptionLengthMax).openapi({
  description: "Free text, shown in the histories of the wallets.",
  example: "Dinner on Friday",
});

/** `userId` of `/wallets/{userId}/...`. */
export const walletParameter = walletId.openapi({
  description:
    "The id of the owner, `usr_...`, or of the wallet itself, `wal_...`: both name the same " +
    "wallet.",
  example: examples.adaId,
});

/** The account of an entry or a leg: a wallet, or the outside world. */
export const account = z
  .string()
  .regex(new RegExp(`^(wal_${idEnding}|external:[a-z0-9_-]{1,${providerLengthMax}})$`))
  .openapi({
    description: "A wallet, `wal_...`, or `external:<provider>` for the outside world.",
    example: examples.benWalletId,
  });

/** A SHA-256 in hexadecimal. */
export const hash = z
  .string()
  .length(64)
  .regex(/^[0-9a-f]{64}$/)
  .openapi({ example: examples.hash });

export const createdBy = z.string().min(1).openapi({ example: examples.principalId });

/** Of JSON Schema, and not in the types of the generator. */
const metadataKeys: object = {
  propertyNames: { minLength: 1, maxLength: metadataKeyLengthMax, pattern: noNul },
};
const utf8 = new TextEncoder();

function bytesOf(pairs: Readonly<Record<string, string>>): number {
  return utf8.encode(Object.entries(pairs).flat().join("")).length;
}

export const metadata = z
  .record(text(1, metadataKeyLengthMax), text(0, metadataValueLengthMax))
  .refine((pairs) => Object.keys(pairs).length <= metadataPairsMax, {
    error: `At most ${metadataPairsMax} pairs.`,
  })
  .refine((pairs) => bytesOf(pairs) <= metadataBytesMax, {
    error: `At most ${metadataBytesMax} bytes of UTF-8 in all keys and values together.`,
  })
  .openapi("Metadata", {
    description:
      `Up to ${metadataPairsMax} pairs of your own. Keys have 1 to ${metadataKeyLengthMax} ` +
      `characters, values up to ${metadataValueLengthMax}; together they have at most ` +
      `${metadataBytesMax} bytes of UTF-8.`,
    maxProperties: metadataPairsMax,
    ...metadataKeys,
    example: { orderId: "A-1009" },
  });

export const bucket = z.enum(buckets).openapi("Bucket", {
  description:
    "Which part of the wallet's money changes: what is `available`, or what is `reserved` and " +
    "cannot be spent otherwise.",
});

export const direction = z.enum(["debit", "credit"]).openapi("Direction", {
  description: "`credit` adds to the account, `debit` subtracts from it.",
});

export const transactionStatus = z
  .enum(["pending", "committed", "rejected"])
  .openapi("TransactionStatus", {
    description: "`pending` is undecided; the other two are final.",
  });

export const timestamp = z.iso
  .datetime({ precision: 3 })
  .openapi({ description: "UTC, with milliseconds.", example: "2026-10-20T09:30:00.000Z" });

/** The digits of a non-negative integer up to `max`, as a query carries them. */
export function integerParameter(min: number, max: number) {
  return z
    .string()
    .regex(/^(0|[1-9][0-9]{0,15})$/, { error: "A plain integer.", abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, `An integer from ${min} to ${max}.`)
    .openapi({ type: "integer", format: "int64", minimum: min, maximum: max });
}

/** A moment, as ms since the epoch. */
export const instant = z
  .string()
  .transform((sent, context) => {
    const read = readInstant(sent);
    if (read.ok) return read.time;
    context.issues.push({ code: "custom", message: read.message, input: sent });
    return z.NEVER;
  })
  .openapi({ type: "string", format: "date-time" });
