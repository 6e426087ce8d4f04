// The fields that several bodies and queries share. What validates a request and what documents it
// is the same object.
import { z } from "@hono/zod-openapi";
import { isCurrency } from "../../domain/currencies.ts";
import {
  amountMax,
  descriptionLengthMax,
  metadataKeyLengthMax,
  metadataPairsMax,
  metadataValueLengthMax,
} from "../../domain/limits.ts";
import * as examples from "./examples.ts";

/** Text of a client: anything but NUL, which other systems cut strings at. Never trimmed. */
export function text(lengthMin: number, lengthMax: number) {
  return z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .regex(/^[^\0]*$/, "NUL characters are not allowed.")
    .openapi({ pattern: String.raw`^[^\x00]*$` });
}

export const amount = z.int().min(1).max(amountMax).openapi({
  format: "int64",
  description: "In minor units of the currency, such as cents: a plain integer.",
  example: 2500,
});

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { error: "Three upper-case letters.", abort: true })
  .refine(isCurrency, "Not a currency of ISO 4217.")
  .openapi({ description: "An ISO 4217 code in upper case.", example: "USD" });

/** Only a string: an id that cannot exist is answered like one that does not. */
export const walletId = z.string().openapi({
  description: "A wallet, `wal_...`, or its owner, `usr_...`: both name the same wallet.",
  example: examples.adaWalletId,
});

export const description = text(0, descriptionLengthMax).openapi({
  description: "Free text, shown in the histories of the wallets.",
  example: "Dinner on Friday",
});

export const metadata = z
  .record(text(1, metadataKeyLengthMax), text(0, metadataValueLengthMax))
  .refine((pairs) => Object.keys(pairs).length <= metadataPairsMax, {
    error: `At most ${metadataPairsMax} pairs.`,
  })
  .openapi({
    description:
      `Up to ${metadataPairsMax} pairs of your own. ` +
      `Keys have 1 to ${metadataKeyLengthMax} characters.`,
    maxProperties: metadataPairsMax,
    example: { orderId: "A-1009" },
  });

export const direction = z.enum(["debit", "credit"]).openapi({ example: "credit" });

export const transactionType = z.enum(["funding", "transfer"]).openapi({ example: "transfer" });

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
    .openapi({ type: "integer", minimum: min, maximum: max });
}

/** A moment in a query, as ms since the epoch. Entries have whole milliseconds, so both an
 *  inclusive start and an exclusive end between two of them mean the later one. */
export const instant = z.iso
  .datetime({ offset: true, error: "A date and time of RFC 3339, with Z or an offset." })
  .transform((moment) => Date.parse(moment) + (/\.\d{3}0*[1-9]/.test(moment) ? 1 : 0));
