// POST /transactions: several amounts move together. Frozen: the wording of a renderer.
import { z } from "@hono/zod-openapi";
import { idEnding, parseWalletId } from "../../domain/ids.ts";
import { amountMax, splitPostingsMax, splitWalletsMax } from "../../domain/limits.ts";
import {
  comesFromOutside,
  flawOfPostings,
  goesOutside,
  outsideWorld,
  type SentSplit,
  type SplitFlaw,
  type StoredSplit,
} from "../../domain/operations/split.ts";
import type { Exact } from "../context.ts";
import * as examples from "../schemas/examples.ts";
import { amount, currencyCode, idOf, provider, transactionStatus } from "../schemas/fields.ts";
import { details, newCurrency, outcome, reversals, texts } from "../schemas/movement.ts";
import { paymentReference, payoutReference } from "../schemas/texts.ts";
import type { HttpOperation } from "./operation.ts";

const side = z.string().openapi({
  description: `A wallet, \`wal_...\`, its owner, \`usr_...\`, or \`${outsideWorld}\`.`,
  minLength: outsideWorld.length,
  maxLength: 30,
  pattern: `^((wal|usr)_${idEnding}|${outsideWorld})$`,
});

const SplitPostingInput = z
  .strictObject({
    from: side.openapi({ example: examples.adaWalletId }),
    to: side.openapi({ example: examples.benWalletId }),
    amount,
    currency: newCurrency,
  })
  .openapi("SplitPostingInput", { description: "An amount to be moved." });

const fieldsOfInput = z.strictObject({
  postings: z
    .array(SplitPostingInput)
    .min(1)
    .max(splitPostingsMax)
    .openapi({
      description:
        `Up to ${splitPostingsMax}, which name up to ${splitWalletsMax} wallets. In one currency ` +
        "a wallet pays or receives, not both, and no more than fits an amount; this has to hold " +
        "whatever the default currency is, so that a repeated request is never refused later. " +
        "The outside world pays or receives, not both, whatever the currency.",
    }),
  paymentReference: paymentReference.optional().openapi({
    description:
      `Required if a posting comes from \`${outsideWorld}\`, and not allowed otherwise. As for a ` +
      "funding, a reference of a provider can be used once.",
  }),
  payoutReference: payoutReference.optional().openapi({
    description:
      `Required if a posting goes to \`${outsideWorld}\`, and not allowed otherwise. As for a ` +
      "withdrawal, a reference of a provider can be used once.",
  }),
  provider: provider.optional().openapi({
    description: "The provider of the payment or payout; only with one. Omitted: `default`.",
  }),
  ...texts,
});

type SplitBody = Exact<z.output<typeof fieldsOfInput>>;
type PostingInput = SplitBody["postings"][number];

/** A malformed id is a wallet of its own. */
function accountOf(id: string): string {
  return id === outsideWorld ? id : (parseWalletId(id) ?? `wal_ ${id}`);
}

function isWithinOneWallet({ from, to }: PostingInput): boolean {
  return accountOf(from) === accountOf(to);
}

function isBetweenWallets({ from, to }: PostingInput): boolean {
  return from !== outsideWorld && to !== outsideWorld;
}

const flawMessages: Partial<Record<SplitFlaw, string>> = {
  too_many_wallets: `All postings together name at most ${splitWalletsMax} wallets.`,
  both_directions:
    "In one currency a wallet pays or receives, and not both. An omitted currency may be any.",
  outside_twice: "The outside world pays or receives, and not both.",
  sum_out_of_range:
    `In one currency an account pays or receives at most ${amountMax}. An omitted currency may ` +
    "be any.",
};

interface Issue {
  readonly path: PropertyKey[];
  readonly message: string;
}

interface Crossing {
  readonly name: "paymentReference" | "payoutReference" | "provider";
  readonly isThere: boolean;
  readonly isRequired: boolean;
  readonly what: string;
}

/** A reference is there if a posting crosses the border in its direction, and only then. */
function paymentErrors(sent: SplitBody): readonly Issue[] {
  const [comes, goes] = [comesFromOutside(sent), goesOutside(sent)];
  const crossings: readonly Crossing[] = [
    { name: "paymentReference", isThere: comes, isRequired: true, what: `from ${outsideWorld}` },
    { name: "payoutReference", isThere: goes, isRequired: true, what: `to ${outsideWorld}` },
    {
      name: "provider",
      isThere: comes || goes,
      isRequired: false,
      what: `from or to ${outsideWorld}`,
    },
  ];
  return crossings.flatMap(({ name, isThere, isRequired, what }) => {
    const isGiven = sent[name] !== undefined;
    if (isGiven && !isThere) return [{ path: [name], message: `Only for a posting ${what}.` }];
    if (isGiven || !isThere || !isRequired) return [];
    return [{ path: [name], message: `${name} is required for a posting ${what}.` }];
  });
}

/** A posting within one wallet is another problem, answered later. */
function postingErrors({ postings }: SplitBody): readonly Issue[] {
  const between = [...postings.entries()].filter(([, posting]) => !isWithinOneWallet(posting));
  const accounts = between.map(([, { from, to, ...money }]) => ({
    from: accountOf(from),
    to: accountOf(to),
    ...money,
  }));
  const found = flawOfPostings(accounts);
  if (!found) return [];
  const [index] = between[found.index] ?? [0];
  const message = flawMessages[found.flaw] ?? "No transaction can have this posting.";
  return [{ path: ["postings", index], message }];
}

const SplitInput = fieldsOfInput
  .superRefine((parsed, context) => {
    if (context.issues.length > 0) return;
    const sent = parsed as SplitBody;
    const errors = [...paymentErrors(sent), ...postingErrors(sent)];
    for (const error of errors) context.addIssue({ code: "custom", ...error });
  })
  .openapi("SplitInput", { description: "A split to be made." });

const sideShown = z.string().regex(new RegExp(`^(wal_${idEnding}|${outsideWorld})$`));

const SplitPosting = z
  .object({
    from: sideShown.openapi({
      description: `The sender, or \`${outsideWorld}\`.`,
      example: examples.adaWalletId,
    }),
    to: sideShown.openapi({
      description: `The receiver, or \`${outsideWorld}\`.`,
      example: examples.benWalletId,
    }),
    amount,
    currency: currencyCode,
  })
  .openapi("SplitPosting", { description: "An amount of a split." });

const fields = {
  id: idOf("txn", examples.splitId),
  type: z.literal("split"),
  status: transactionStatus,
  postings: z.array(SplitPosting).openapi({ description: "In the order of the request." }),
  paymentReference: paymentReference.optional(),
  payoutReference: payoutReference.optional(),
  provider: provider.optional(),
  ...details,
};

const Split = z.object(fields).openapi("Split", {
  description: "Amounts that moved together, all or none of them.",
});

const SplitDetails = z.object({ ...fields, ...outcome, ...reversals }).openapi("SplitDetails", {
  description: "A split with its outcome.",
});

const body = {
  postings: [
    { from: outsideWorld, to: examples.benWalletId, amount: 4_500, currency: "USD" },
    { from: outsideWorld, to: examples.adaWalletId, amount: 500, currency: "USD" },
  ],
  paymentReference: "ch_3PqTz82eZvKYlo2D",
  provider: examples.provider,
  description: "Order 1009 and the fee",
};

const key = examples.exampleKeys.split;
const sentAt = examples.openedAt + 180_000;

export const split = {
  type: "split",
  path: "/transactions",
  scopes: ["transfers:write", "funding:write", "withdrawals:write"],
  forUsers: false,
  operationId: "splitFunds",
  summary: "Move several amounts together",
  description:
    "Debits and credits each posting, all or none of them. A posting between wallets needs the " +
    `scope \`transfers:write\`, one from \`${outsideWorld}\` needs \`funding:write\`, one to ` +
    `\`${outsideWorld}\` \`withdrawals:write\`: a request with postings of several kinds needs ` +
    "all of their scopes. For back ends only, with an API key.",
  does: "moves several amounts together",
  input: SplitInput,
  answer: Split,
  answerDetails: SplitDetails,
  problems: ["same_wallet"],
  example: { key, body, record: examples.committed(key, { type: "split", ...body }, sentAt) },

  scopesOf: ({ postings }) => [
    ...(postings.some(isBetweenWallets) ? (["transfers:write"] as const) : []),
    ...(comesFromOutside({ postings }) ? (["funding:write"] as const) : []),
    ...(goesOutside({ postings }) ? (["withdrawals:write"] as const) : []),
  ],

  read(sent) {
    if (sent.postings.some(isWithinOneWallet)) return { problem: "same_wallet" };
    const postings = sent.postings.map(({ from, to, ...money }) => ({
      from: accountOf(from),
      to: accountOf(to),
      ...money,
    }));
    const sides = postings.flatMap(({ from, to }) => [from, to]);
    const wallets = sides.filter((account) => account !== outsideWorld);
    const [first] = wallets;
    if (first === undefined || wallets.some((id) => parseWalletId(id) === undefined)) {
      return { problem: "wallet_not_found" };
    }
    return { sent: { type: "split", ...sent, postings }, walletId: first };
  },

  render1: (request, { id, status, details: end }) => ({
    id,
    type: request.type,
    status,
    postings: request.postings.map(({ from, to, amount: moved, currency }) => ({
      from,
      to,
      amount: moved,
      currency,
    })),
    ...(request.paymentReference !== undefined && { paymentReference: request.paymentReference }),
    ...(request.payoutReference !== undefined && { payoutReference: request.payoutReference }),
    ...(request.provider !== undefined && { provider: request.provider }),
    ...end,
  }),

  seenBy: (wallet, { request, lines }) => ({
    request: {
      ...request,
      postings: request.postings.filter(({ from, to }) => from === wallet || to === wallet),
    },
    lines: lines.filter(({ account }) => account === wallet),
  }),
} as const satisfies HttpOperation<
  typeof SplitInput,
  SentSplit,
  StoredSplit,
  z.infer<typeof Split>
>;
