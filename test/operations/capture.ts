// Captures, for generators and checkers. One of a payout names the reference where the authorization
// does not, and sometimes where it does.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  authorizedBy,
  ofReceiver,
  payoutOf,
  renamedAuthorization,
  reservedIn,
  shownIn,
} from "./authorization.ts";
import { textsIn, type Line, type TestOperation } from "./operation.ts";

type Capture = Extract<SentRequest, { type: "capture" }>;

export const capture: TestOperation<Capture> = {
  type: "capture",
  path: "/transactions/{id}/capture",
  share: 0.05,
  staysInside: false,
  endsAs: "captured",
  omissible: [...ofReceiver, "payoutReference"],

  request(source) {
    const authorization = authorizedBy(source.authorized?.());
    if (!authorization) return undefined;
    const { provider, payoutReference: known } = authorization;
    const { paymentReference: drawn } = source.payment();
    const { amount } = source.details();
    const isNamed = provider !== undefined && (known === undefined || amount % 2 === 0);
    return {
      type: "capture",
      authorization,
      ...(isNamed && { payoutReference: known ?? drawn }),
      amount: 1 + (amount % authorization.amount),
    };
  },

  bodyOf: ({ type: _type, authorization: _origin, ...body }) => body,
  read(body, origin) {
    const authorization = authorizedBy(origin);
    if (!authorization) return undefined;
    const { provider, payoutReference: known } = authorization;
    const { amount, payoutReference } = body as {
      readonly amount?: number;
      readonly payoutReference?: string;
    };
    const named = payoutReference ?? known;
    const isPayout = provider !== undefined;
    if (isPayout !== (named !== undefined) || (known ?? named) !== named) return undefined;
    const part = amount === undefined ? {} : { amount };
    const reference = payoutReference === undefined ? {} : { payoutReference };
    return { type: "capture", authorization, ...reference, ...part, ...textsIn(body) };
  },

  originOf: ({ authorization }) => authorization.transactionId,
  linesOf(request): readonly Line[] {
    const { from, to, amount: whole, currency } = reservedIn(request.authorization);
    const taken = request.amount ?? whole;
    const own = { account: from, currency };
    const available = { bucket: "available", direction: "credit", currency } as const;
    const rest = { ...own, ...available, amount: whole - taken, counterparty: from };
    return [
      { ...own, bucket: "reserved", direction: "debit", amount: whole, counterparty: to },
      { account: to, ...available, amount: taken, counterparty: from },
      ...(rest.amount > 0 ? [rest] : []),
    ];
  },
  movedBy({ authorization, amount }) {
    const reserved = reservedIn(authorization);
    return [{ ...reserved, amount: amount ?? reserved.amount }];
  },
  shownOf({ authorization, amount, payoutReference }) {
    return {
      ...shownIn(authorization),
      amount: amount ?? authorization.amount,
      ...(payoutReference !== undefined && { payoutReference }),
    };
  },

  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: ({ authorization, payoutReference }) => payoutOf(authorization, payoutReference),
};
