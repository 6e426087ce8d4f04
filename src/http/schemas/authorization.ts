// Schemas of what authorizations and their ends have in common.
import { z } from "@hono/zod-openapi";
import {
  expiresInDefaultSeconds,
  expiresInMaxSeconds,
  expiresInMinSeconds,
} from "../../domain/limits.ts";
import * as examples from "./examples.ts";
import {
  amount,
  currencyCode,
  idOf,
  integer,
  provider,
  timestamp,
  walletIdShown,
} from "./fields.ts";
import { payoutReference } from "./texts.ts";

/** What has become of an authorization that is not open any more. */
export const endStatuses = ["captured", "cancelled", "expired"] as const;
export type EndStatus = (typeof endStatuses)[number];

export const expiresIn = integer(expiresInMinSeconds, expiresInMaxSeconds).openapi({
  description:
    "After so many seconds the reserved money is available again, unless it was captured. " +
    `Omitted: ${expiresInDefaultSeconds}, which is 7 days.`,
  example: 3_600,
});

export const expiresAt = timestamp.openapi({
  description:
    "From then on it cannot be captured. It can be cancelled until its expiry is posted.",
});

const authorizationIdShown = idOf("txn", examples.authorizationId).openapi({
  description: "The authorization.",
});

export const authorizationStatus = z.enum(["open", ...endStatuses]).openapi("AuthorizationStatus", {
  description: "`open` until one of its ends is posted; the others are final.",
});

/** Of a request. */
export const manualCapture = z
  .literal("manual")
  .optional()
  .openapi({
    description:
      "Sent: the money is only reserved, by an authorization, until it is captured, cancelled or " +
      "expired.",
  });

/** Whose money it is, and who gets what is captured. */
export const sides = {
  fromWalletId: walletIdShown.openapi({ description: "The wallet whose money is reserved." }),
  toWalletId: idOf("wal", examples.benWalletId).optional().openapi({
    description: "The receiver, who gets what is captured. Absent: it is a payout.",
  }),
  payoutReference: payoutReference.optional().openapi({
    description: "Of a payout whose reference is known.",
  }),
  provider: provider.optional().openapi({ description: "The provider of a payout." }),
};

/** The end of an authorization, up to what is its own. */
export const endFields = {
  authorizationId: authorizationIdShown,
  amount,
  currency: currencyCode,
  ...sides,
};

export const authorizationState = z
  .object({
    status: authorizationStatus,
    expiresAt,
    endedBy: idOf("txn", examples.captureId)
      .optional()
      .openapi({ description: "The transaction that has ended it." }),
  })
  .openapi("AuthorizationState", {
    description: "Whether an authorization is open, or what has ended it.",
  });
