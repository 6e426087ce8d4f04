// Schemas of what authorizations and their ends have in common.
import { z } from "@hono/zod-openapi";
import {
  expiresInDefaultSeconds,
  expiresInMaxSeconds,
  expiresInMinSeconds,
} from "../../domain/limits.ts";
import * as examples from "./examples.ts";
import { amount, currencyCode, idOf, integer, timestamp, walletIdShown } from "./fields.ts";

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

/** The end of an authorization, up to what is its own. */
export const endFields = {
  authorizationId: authorizationIdShown,
  amount,
  currency: currencyCode,
  fromWalletId: walletIdShown.openapi({ description: "The wallet whose money was reserved." }),
  toWalletId: idOf("wal", examples.benWalletId).openapi({
    description: "The receiver of the authorization.",
  }),
};

export const authorizationState = z
  .object({
    status: z.enum(["open", ...endStatuses]).openapi("AuthorizationStatus", {
      description: "`open` until one of its ends is posted; the others are final.",
    }),
    expiresAt,
    endedBy: idOf("txn", examples.captureId)
      .optional()
      .openapi({ description: "The transaction that has ended it." }),
  })
  .openapi("AuthorizationState", {
    description: "Whether an authorization is open, or what has ended it.",
  });
