// Worlds of what a transaction can be besides one amount that goes from here to there: several
// lines in an account, claims up to a capacity, ends of another transaction, clocks that are apart.
import { amountMax } from "../../src/domain/limits.ts";
import {
  authorization,
  cancellation,
  capture,
  move,
  posted,
  reversal,
  split,
  transfer,
  usd,
  withdrawal,
  type Configuration,
  type PlannedTransaction,
} from "./planned.ts";

/** Claims one key in A and another one outside. */
function claimingTwice(from: string, to: string): PlannedTransaction {
  const claims = [
    { account: "A", reference: "one" },
    { account: "bank", reference: "other" },
  ];
  return { movement: { lines: move(from, to), claims } };
}

const minute = 60_000;

export const movementConfigurations: readonly Configuration[] = [
  {
    name: "debited-twice",
    about: "A gives to B twice in one transaction, and has not enough for a transfer to C as well",
    wallets: [{ name: "A", opening: usd(2) }, { name: "B" }, { name: "C" }],
    transactions: [split(["A", "B"], ["A", "B"]), transfer("A", "C")],
    small: true,
  },
  {
    name: "split",
    about: "a split from A to B and to C, which is opened late, and a transfer to B",
    wallets: [{ name: "A", opening: usd(2) }, { name: "B" }, { name: "C", opensLate: true }],
    transactions: [split(["A", "B"], ["A", "C"]), transfer("A", "B")],
    small: true,
  },
  {
    name: "read-split",
    about: "a split from A to B and C against a transfer from B to A; a reader",
    wallets: [{ name: "A", opening: usd(2) }, { name: "B", opening: usd(1) }, { name: "C" }],
    transactions: [split(["A", "B"], ["A", "C"]), transfer("B", "A")],
    readers: 1,
    small: false,
  },
  {
    name: "opposing-splits",
    about: "a split from A to B and C against a transfer from B to A, with money for one of them",
    wallets: [{ name: "A", opening: usd(2) }, { name: "B" }, { name: "C" }],
    transactions: [split(["A", "B"], ["A", "C"]), transfer("B", "A")],
    small: true,
  },
  {
    name: "two-currencies",
    about: "A gives to B in two currencies at once, and in one of them a second time",
    wallets: [
      {
        name: "A",
        opening: {
          EUR: { available: 1, reserved: 0 },
          USD: { available: 1, reserved: 0 },
        },
        mayFreeze: "all",
      },
      { name: "B" },
    ],
    transactions: [split(["A", "B", 1, "EUR"], ["A", "B"]), transfer("A", "B")],
    small: true,
  },
  {
    name: "flawed",
    about: "lines that can be no transaction: both directions in one pile; out of balance",
    wallets: [{ name: "A", opening: usd(1) }],
    transactions: [
      { movement: { lines: [...move("A.reserved", "A"), ...move("A", "A.reserved")] } },
      { movement: { lines: [...move("A", "A.reserved"), ...move("A", "A.reserved").slice(1)] } },
    ],
    small: true,
  },
  {
    name: "full-wallet",
    about: "A has the largest balance; some is reserved and some released; A may be frozen",
    wallets: [{ name: "A", opening: usd(amountMax), mayFreeze: "all" }, { name: "B" }],
    transactions: [posted(authorization("A", "B")), authorization("A", "B"), cancellation(1)],
    small: true,
  },
  {
    name: "reversed-in-parts",
    about: "of 100 that went from A to B, two reversals want 60 each",
    wallets: [
      { name: "A", opening: usd(100) },
      { name: "B", opening: usd(100) },
    ],
    transactions: [posted(transfer("A", "B", { amount: 100 })), reversal(1, 60), reversal(1, 60)],
    small: true,
  },
  {
    name: "reversed-and-spent",
    about: "of 100 that went from A to B, a reversal wants 60, and B spends 50",
    wallets: [
      { name: "A", opening: usd(100) },
      { name: "B", mayFreeze: "debits" },
    ],
    transactions: [
      posted(transfer("A", "B", { amount: 100 })),
      reversal(1, 60),
      transfer("B", "A", { amount: 50 }),
    ],
    small: true,
  },
  {
    name: "reversed-twice-and-spent",
    about: "of 100 that went from A to B, two reversals want 60 each, and B spends 50",
    wallets: [{ name: "A", opening: usd(100) }, { name: "B" }],
    transactions: [
      posted(transfer("A", "B", { amount: 100 })),
      reversal(1, 60),
      reversal(1, 60),
      transfer("B", "A", { amount: 50 }),
    ],
    small: false,
  },
  {
    name: "three-parts",
    about: "of 100 that went from A to B, three reversals want 50, 50 and all",
    wallets: [
      { name: "A", opening: usd(100) },
      { name: "B", opening: usd(100) },
    ],
    transactions: [
      posted(transfer("A", "B", { amount: 100 })),
      reversal(1, 50),
      reversal(1, 50),
      reversal(1),
    ],
    small: false,
  },
  {
    name: "one-end",
    about: "capture to B, late in its opening, or cancellation of what is reserved",
    wallets: [
      { name: "A", opening: usd(1), mayFreeze: "all" },
      { name: "B", opensLate: true },
    ],
    transactions: [posted(authorization("A", "B")), capture(1), cancellation(1)],
    small: true,
  },
  {
    name: "read-ends",
    about: "capture or cancellation of what is reserved; a reader",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }],
    transactions: [posted(authorization("A", "B")), capture(1), cancellation(1)],
    readers: 1,
    small: true,
  },
  {
    name: "read-late-reversal",
    about: "a transfer and its reversal, which may arrive before it; a reader",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }],
    transactions: [transfer("A", "B"), reversal(1)],
    readers: 1,
    small: false,
  },
  {
    name: "late-origin",
    about:
      "an authorization, its capture, which may arrive before it, and a transfer of the same money",
    wallets: [{ name: "A", opening: usd(1), mayFreeze: "all" }, { name: "B" }],
    transactions: [authorization("A", "B"), transfer("A", "B"), capture(1)],
    small: false,
  },
  {
    name: "late-reversal",
    about: "a transfer and its reversal, which may arrive before it in either account",
    wallets: [{ name: "A", opening: usd(1), mayFreeze: "debits" }, { name: "B" }],
    transactions: [transfer("A", "B"), reversal(1)],
    small: true,
  },
  {
    name: "busy-reversal",
    about: "a transfer and its reversal, where each account takes one undecided leg at a time",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }],
    transactions: [transfer("A", "B"), reversal(1)],
    openLegs: 1,
    small: true,
  },
  {
    name: "two-reversals",
    about: "a transfer is reversed twice, although B has money for it",
    wallets: [
      { name: "A", opening: usd(1) },
      { name: "B", opening: usd(1) },
    ],
    transactions: [posted(transfer("A", "B")), reversal(1), reversal(1)],
    small: true,
  },
  {
    name: "reversed-payout",
    about: "a payment to the outside world and its reversal, which may arrive before it",
    wallets: [{ name: "A", opening: usd(1), mayFreeze: "debits" }],
    transactions: [withdrawal("A", "ref"), reversal(1)],
    clocks: { tickMs: 10_000, last: 0, ahead: { "log of T1": 2 } },
    small: true,
  },
  {
    name: "crossed-claims",
    about: "two transactions that each claim the same two keys, in a wallet and outside",
    wallets: [{ name: "A", opening: usd(1) }],
    transactions: [claimingTwice("A", "bank"), claimingTwice("bank", "A")],
    small: true,
  },
  {
    name: "clocks-apart",
    about: "money passed on from A to B to C, with clocks that are apart",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("B", "C")],
    clocks: { tickMs: 10_000, last: 1, ahead: { "log of T1": 2, B: 1 } },
    small: true,
  },
  {
    name: "clocks-of-two-debits",
    about: "A to B and A to C, decided by two logs whose clocks are apart",
    wallets: [{ name: "A", opening: usd(2) }, { name: "B" }, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("A", "C")],
    clocks: { tickMs: 10_000, last: 1, ahead: { "log of T1": 2 } },
    small: true,
  },
  {
    name: "clocks-of-a-reversal",
    about: "a transfer and its reversal, whose log is behind that of the transfer",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }],
    transactions: [transfer("A", "B"), reversal(1)],
    clocks: { tickMs: 10_000, last: 1, ahead: { "log of T1": 2, A: 1 } },
    small: true,
  },
  {
    name: "clocks-put-right",
    about:
      "money passed on; the clocks of a log and of an account are ahead until they are put right",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("B", "C")],
    clocks: {
      tickMs: 10_000,
      last: 1,
      ahead: { "log of T1": 2, B: 2 },
      mayBePutRight: ["log of T1", "B"],
    },
    small: true,
  },
  {
    name: "clock-far-ahead",
    about: "money passed on; the clock of the first log is minutes ahead",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("B", "C")],
    clocks: { tickMs: minute, last: 1, ahead: { "log of T1": 3 }, oneIsWrong: true },
    small: true,
  },
];
