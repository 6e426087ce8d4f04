// The worlds that are explored: small enough to be exhausted, each built around one way in which
// transactions meet. All amounts are 1. Every world has lost, repeated, late and reordered messages
// and crashes of every object at any step; what else may happen in it is listed with it.
import { amountMax } from "../../src/domain/limits.ts";
import { authorizationConfigurations } from "./authorization-configurations.ts";
import { batchConfigurations } from "./batch-configurations.ts";
import { movementConfigurations } from "./movement-configurations.ts";
import { payoutConfigurations } from "./payout-configurations.ts";
import { funding, transfer, usd, withdrawal, type Configuration } from "./planned.ts";

const funded = { name: "A", opening: usd(1) };
const empty = { name: "B" };

export const configurations: readonly Configuration[] = [
  {
    name: "one-transfer",
    about: "one transfer; A may be frozen, B opened late; a reader",
    wallets: [
      { ...funded, mayFreeze: "debits" },
      { ...empty, opensLate: true },
    ],
    transactions: [transfer("A", "B")],
    readers: 1,
    small: true,
  },
  {
    name: "double-spend",
    about: "two transfers for the same money; A may be frozen in between",
    wallets: [{ ...funded, mayFreeze: "debits" }, empty, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("A", "C")],
    small: true,
  },
  {
    name: "chain",
    about: "money passed on: A to B to C; a reader",
    wallets: [funded, empty, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("B", "C")],
    readers: 1,
    small: true,
  },
  {
    name: "opposing",
    about: "A to B and B to A; a reader",
    wallets: [funded, { ...empty, opening: usd(1) }],
    transactions: [transfer("A", "B"), transfer("B", "A")],
    readers: 1,
    small: true,
  },
  {
    name: "headroom",
    about: "two transfers into B, which has room for one of them",
    wallets: [funded, { name: "B", opening: usd(amountMax - 1) }, { name: "C", opening: usd(1) }],
    transactions: [transfer("A", "B"), transfer("C", "B")],
    small: true,
  },
  {
    name: "one-reference",
    about: "two fundings of two wallets with one payment reference",
    wallets: [{ name: "A" }, empty],
    transactions: [funding("A", "ref"), funding("B", "ref")],
    small: true,
  },
  {
    name: "one-payout",
    about: "two withdrawals from two wallets under one payout reference",
    wallets: [funded, { ...empty, opening: usd(1) }],
    transactions: [withdrawal("A", "ref"), withdrawal("B", "ref")],
    small: true,
  },
  {
    name: "in-and-out",
    about: "a funding of A and a withdrawal of what it brings, with one reference for both",
    wallets: [{ name: "A" }],
    transactions: [funding("A", "ref"), withdrawal("A", "ref")],
    small: true,
  },
  {
    name: "busy-ring",
    about: "A to B and B to A, where each takes one undecided leg at a time and is BUSY then",
    wallets: [funded, { ...empty, opening: usd(1) }],
    transactions: [transfer("A", "B"), transfer("B", "A")],
    openLegs: 1,
    mayWait: true,
    small: true,
  },
  {
    name: "one-log",
    about: "A to B to C, both in one shard of the log, which crashes as a whole",
    wallets: [funded, empty, { name: "C" }],
    transactions: [transfer("A", "B", { log: "the log" }), transfer("B", "C", { log: "the log" })],
    small: true,
  },
  {
    name: "lost-row",
    about: "two transfers for the same money; a log may forget a row that it had written",
    wallets: [funded, empty, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("A", "C")],
    rowMayBeLost: true,
    small: true,
  },
  {
    name: "fund-and-spend",
    about: "two fundings of A with one reference, and a transfer of what they bring",
    wallets: [{ name: "A" }, empty],
    transactions: [funding("A", "ref"), funding("A", "ref"), transfer("A", "B")],
    small: false,
  },
  {
    name: "three-claims",
    about: "three fundings of three wallets with one payment reference",
    wallets: [{ name: "A" }, empty, { name: "C" }],
    transactions: [funding("A", "ref"), funding("B", "ref"), funding("C", "ref")],
    small: false,
  },
  {
    name: "long-chain",
    about: "money passed on twice, A to B to C to A",
    wallets: [funded, empty, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("B", "C"), transfer("C", "A")],
    small: true,
  },
  {
    name: "two-readers",
    about: "one transfer and two readers",
    wallets: [funded, empty],
    transactions: [transfer("A", "B")],
    readers: 2,
    small: true,
  },
  {
    name: "two-readers-of-two",
    about: "A to B and B to A; two readers",
    wallets: [funded, { ...empty, opening: usd(1) }],
    transactions: [transfer("A", "B"), transfer("B", "A")],
    readers: 2,
    small: false,
  },
  {
    name: "late-wallet",
    about: "A to B to C with B opened late and A frozen at any moment; a reader",
    wallets: [{ ...funded, mayFreeze: "debits" }, { ...empty, opensLate: true }, { name: "C" }],
    transactions: [transfer("A", "B"), transfer("B", "C")],
    readers: 1,
    small: false,
  },
  {
    name: "reader-of-three",
    about: "three transfers between A and B; a reader with three passes",
    wallets: [{ ...funded }, { ...empty, opening: usd(1) }],
    transactions: [transfer("A", "B"), transfer("B", "A"), transfer("A", "B")],
    readers: 1,
    readPasses: 3,
    small: false,
  },
  ...movementConfigurations,
  ...authorizationConfigurations,
  ...payoutConfigurations,
  ...batchConfigurations,
];
