// Schemas of free text from clients. Lengths are counted in Unicode code points, as JSON Schema
// counts them: an emoji is one. Never trims, normalises or changes case.
import { z } from "@hono/zod-openapi";
import { emailLengthMax, referenceLengthMax } from "../../domain/limits.ts";
import { isEmailAddress, isReferenceText, lengthOf } from "../../domain/text.ts";
import * as examples from "./examples.ts";

function characters(count: number): string {
  return count === 1 ? "1 character" : `${count} characters`;
}

/** A text that is too short or too long is not looked at any further. */
function boundedText(lengthMin: number, lengthMax: number) {
  return z
    .string()
    .refine((sent) => sent.length >= lengthMin, {
      error: `At least ${characters(lengthMin)}.`,
      abort: true,
    })
    .refine((sent) => sent.length <= lengthMax || lengthOf(sent) <= lengthMax, {
      error: `At most ${characters(lengthMax)}.`,
      abort: true,
    })
    .openapi({ ...(lengthMin > 0 && { minLength: lengthMin }), maxLength: lengthMax });
}

export const noNul = String.raw`^[^\x00]*$`;

/** Anything but NUL, which other systems cut strings at. */
export function text(lengthMin: number, lengthMax: number) {
  return boundedText(lengthMin, lengthMax)
    .regex(/^[^\0]*$/, "NUL characters are not allowed.")
    .openapi({ pattern: noNul });
}

/** The document's pattern says what every dialect of expressions can: no control characters, no
 *  space at either end. The categories of Unicode are in the description. */
function reference(what: string, example: string) {
  return boundedText(1, referenceLengthMax)
    .refine(
      isReferenceText,
      "Letters, marks, numbers, punctuation, symbols and, not at either end, spaces (U+0020).",
    )
    .openapi({
      description:
        `${what} Letters, marks, numbers, punctuation and symbols of Unicode (categories L, M, ` +
        "N, P, S), and the space U+0020 except at either end. Stored and compared byte for byte, " +
        "without trimming, normalisation or case folding.",
      pattern: String.raw`^[^\x00-\x20\x7f-\xa0]([^\x00-\x1f\x7f-\xa0]*[^\x00-\x20\x7f-\xa0])?$`,
      example,
    });
}

export const paymentReference = reference(
  "The provider's identifier of the payment; it can be used once.",
  examples.paymentReference,
);

export const payoutReference = reference(
  "The identifier of the payout at the provider; it can pay out once only.",
  examples.payoutReference,
);

export const email = boundedText(1, emailLengthMax)
  .refine(isEmailAddress, "One @, something on either side of it, and no spaces.")
  .openapi({
    description:
      "The user's email address: stored, never verified and never used by the service. One @, no " +
      "spaces; letters of any script.",
    pattern: String.raw`^[^\s@]+@[^\s@]+$`,
    example: examples.ada.email,
  });
