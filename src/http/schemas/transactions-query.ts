// The query of GET /transactions: the history of a wallet, with filters, or the transaction that
// uses a reference. The one excludes the other.
import { z } from "@hono/zod-openapi";
import { historyLimitDefault, historyLimitMax } from "../../domain/limits.ts";
import {
  defaultProvider,
  paymentIn,
  type ExternalPayment,
} from "../../domain/operations/operation.ts";
import type { Exact } from "../context.ts";
import * as fields from "./fields.ts";
import { cursorParameter, limitParameter } from "./paging.ts";
import { paymentReference, payoutReference } from "./texts.ts";
import { transactionType } from "./transaction.ts";

/** No example: a page that tries requests would fill it in. */
const noExample = { example: undefined };

const fieldsOfQuery = z.strictObject({
  walletId: fields.walletId.optional().openapi({
    description:
      "The wallet whose history is read, `wal_...`, or its owner, `usr_...`. Required without a " +
      "reference.",
  }),
  paymentReference: paymentReference.optional().openapi({
    ...noExample,
    description: "In place of `walletId`: the transaction that brought this payment in.",
  }),
  payoutReference: payoutReference.optional().openapi({
    ...noExample,
    description: "In place of `walletId`: the transaction that took this payout out.",
  }),
  provider: fields.provider.optional().openapi({
    ...noExample,
    description: "The provider of the payment or payout. Omitted: `default`.",
  }),
  currency: fields.currency.optional(),
  direction: fields.direction.optional(),
  type: transactionType.optional(),
  from: fields.instant.optional().openapi({
    description: "Entries decided at or after this time, in RFC 3339. A `+` is sent as %2B.",
  }),
  to: fields.instant.optional().openapi({
    description: "Entries decided before this time, in RFC 3339; not before `from`.",
  }),
  limit: limitParameter(historyLimitMax, historyLimitDefault),
  cursor: cursorParameter.openapi({
    description: "`nextCursor` of the page before, with the same filters.",
  }),
});

const subjects = ["walletId", "paymentReference", "payoutReference"] as const;
const ofHistory = ["currency", "direction", "type", "from", "to", "cursor"] as const;

type Name = keyof z.output<typeof fieldsOfQuery>;

interface Issue {
  readonly path: Name[];
  readonly message: string;
}

/** Exactly one subject, and nothing that is of another one. */
function errorsOf(sent: z.output<typeof fieldsOfQuery>): readonly Issue[] {
  const refused = (names: readonly Name[], message: string) =>
    names.filter((name) => sent[name] !== undefined).map((name) => ({ path: [name], message }));
  const [subject, ...others] = subjects.filter((name) => sent[name] !== undefined);
  if (subject === undefined) {
    return [{ path: ["walletId"], message: `One of ${subjects.join(", ")} is required.` }];
  }
  return [
    ...refused(others, `Only one of ${subjects.join(", ")}.`),
    ...(subject === "walletId"
      ? refused(["provider"], "Only with paymentReference or payoutReference.")
      : refused(ofHistory, "Only with walletId.")),
  ];
}

export const transactionsQuery = fieldsOfQuery
  .refine(({ from = -Infinity, to = Infinity }) => from <= to, {
    path: ["from"],
    error: "Later than `to`: no entry can be between them.",
  })
  .superRefine((sent, context) => {
    if (context.issues.length > 0) return;
    for (const error of errorsOf(sent)) context.addIssue({ code: "custom", ...error });
  });

export type TransactionsQuery = Exact<z.output<typeof transactionsQuery>>;

/** Whose transaction is looked for; undefined where a history is read. */
export function soughtPayment(sent: TransactionsQuery): ExternalPayment | undefined {
  return paymentIn({ provider: defaultProvider, ...sent });
}
