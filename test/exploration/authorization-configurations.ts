// Worlds of authorizations: one that is late, which means not decided yet when its ends arrive; and
// the ways to end it: capture, cancellation, and the expiry that its own log records.
import {
  authorization,
  cancellation,
  capture,
  expiry,
  posted,
  transfer,
  usd,
  type Configuration,
} from "./planned.ts";

const payer = { name: "A", opening: usd(1) };
const receiver = { name: "B" };

export const authorizationConfigurations: readonly Configuration[] = [
  {
    name: "late-authorization",
    about: "an authorization that is late, its capture, and its cancellation",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B"), capture(1), cancellation(1)],
    small: true,
  },
  {
    name: "late-and-expired",
    about: "an authorization that is late, its capture, and its expiry",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B"), capture(1), expiry(1)],
    small: true,
  },
  {
    name: "late-and-cancelled",
    about: "an authorization that is late, its cancellation, and its expiry",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B"), cancellation(1), expiry(1)],
    alarmMayBeLost: true,
    small: true,
  },
  {
    name: "two-captures",
    about: "two captures, of all and of a part",
    wallets: [{ name: "A", opening: usd(2) }, receiver],
    transactions: [posted(authorization("A", "B", { amount: 2 })), capture(1), capture(1, 1)],
    small: true,
  },
  {
    name: "three-ends",
    about: "capture, cancellation and expiry of what is reserved",
    wallets: [payer, receiver],
    transactions: [posted(authorization("A", "B")), capture(1), cancellation(1), expiry(1)],
    small: true,
  },
  {
    name: "late-three-ends",
    about: "an authorization that is late, its capture, cancellation and expiry; no crash",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B"), capture(1), cancellation(1), expiry(1)],
    isCalm: true,
    small: true,
  },
  {
    name: "four-ends",
    about: "an authorization that is late, two captures, its cancellation and its expiry; no crash",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B"), capture(1), capture(1), cancellation(1), expiry(1)],
    isCalm: true,
    small: false,
  },
  {
    name: "spent-or-reserved",
    about: "an authorization, its expiry, and a transfer that wants the same money",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B"), expiry(1), transfer("A", "B")],
    small: true,
  },
  {
    name: "full-log",
    about: "what is reserved is cancelled or expires; logs fill up, and A is frozen",
    wallets: [{ ...payer, mayFreeze: "all" }, receiver],
    transactions: [posted(authorization("A", "B")), cancellation(1), expiry(1)],
    logsMayFill: true,
    small: true,
  },
  {
    name: "clock-of-an-expiry",
    about: "an authorization and its expiry, whose log's clock is ahead until it is put right",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B", { expiresIn: 10 }), expiry(1)],
    clocks: {
      tickMs: 10_000,
      last: 3,
      ahead: { "log of T1": 2 },
      mayBePutRight: ["log of T1"],
    },
    small: true,
  },
  {
    name: "clock-that-jumps",
    about: "an authorization and its expiry, whose log's clock jumps ahead at any moment",
    wallets: [payer, receiver],
    transactions: [authorization("A", "B", { expiresIn: 10 }), expiry(1)],
    clocks: { tickMs: 10_000, last: 3, ahead: { "log of T1": 2 }, mayJump: ["log of T1"] },
    small: true,
  },
];
