// Worlds of payouts under one reference: withdrawals, and captures of authorizations, which claim in
// two accounts.
import {
  payout,
  payoutAuthorization,
  posted,
  usd,
  withdrawal,
  type Configuration,
} from "./planned.ts";

const wallets = [
  { name: "A", opening: usd(1) },
  { name: "B", opening: usd(1) },
];

export const payoutConfigurations: readonly Configuration[] = [
  {
    name: "two-payouts-reserved",
    about: "captures of two authorizations, A's and B's, under one payout reference",
    wallets,
    transactions: [
      posted(payoutAuthorization("A")),
      posted(payoutAuthorization("B")),
      payout(1, "ref"),
      payout(2, "ref"),
    ],
    small: true,
  },
  {
    name: "paid-out-twice",
    about: "two captures of one authorization under one payout reference: both claims are the same",
    wallets,
    transactions: [posted(payoutAuthorization("A")), payout(1, "ref"), payout(1, "ref")],
    small: true,
  },
  {
    name: "payout-or-withdrawal",
    about: "the capture of an authorization of A and a withdrawal of B, under one payout reference",
    wallets,
    transactions: [posted(payoutAuthorization("A")), payout(1, "ref"), withdrawal("B", "ref")],
    small: true,
  },
  {
    name: "late-payout",
    about: "a payout may arrive before its authorization, and races a withdrawal of the same money",
    wallets: [{ name: "A", opening: usd(1) }],
    transactions: [payoutAuthorization("A"), payout(1, "ref"), withdrawal("A", "ref")],
    small: false,
  },
];
