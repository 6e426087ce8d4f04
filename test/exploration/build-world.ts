// Builds a world from its plan.
import {
  buildWallet,
  clockOf,
  findAccount,
  pileOf,
  timeField,
  type Plan,
} from "./build-accounts.ts";
import { preparingMaxMs } from "../../src/domain/limits.ts";
import type { TransactionRequest } from "../../src/domain/operations/all.ts";
import { Layout, type State } from "./layout.ts";
import { recordAll, walletObjectName, type PlacedLeg } from "./plan-transaction.ts";
import type { Configuration, PlannedTransaction } from "./planned.ts";
import { refusalsOf } from "./refusals.ts";
import { productionRules, type Rules } from "./rules.ts";
import {
  askNames,
  LegIs,
  legNames,
  Row,
  rowNames,
  type AccountModel,
  type BatchModel,
  type ClockModel,
  type ClocksModel,
  type LegModel,
  type ReaderModel,
  type TransactionModel,
  type World,
} from "./world.ts";

export function buildWorld(configuration: Configuration, rules: Rules): World {
  const layout = new Layout();
  const recorded = recordAll(configuration, rules.divideByAccount).map((one, index) => ({
    name: `T${index + 1}`,
    ...one,
  }));
  const accounts = new Map<string, AccountModel>();
  const latest = latestOf(configuration);
  const clocksByName = new Map<string, ClockModel>();
  const plan: Plan = { configuration, rules, layout, accounts, clocksByName, recorded, latest };
  for (const wallet of configuration.wallets) {
    accounts.set(walletObjectName(wallet.name), buildWallet(plan, wallet));
  }
  const transactions = configuration.transactions.map((one, index) =>
    buildTransaction(plan, one, index),
  );
  const legs = transactions.flatMap((transaction) => transaction.legs);
  for (const transaction of transactions) relate(plan, transaction, transactions);
  for (const leg of legs) connect(plan, leg);
  const batch = buildBatch(layout, configuration, transactions);
  const readers = Array.from({ length: configuration.readers ?? 0 }, (_, index) =>
    buildReader(layout, `reader ${index + 1}`, transactions),
  );
  const clocks = buildClocks(plan, transactions);
  const all = [...accounts.values()];
  const logs = [...new Set(transactions.map(({ log }) => log))];
  const mayFill = configuration.logsMayFill ? logs : [];
  const fullLogs = new Map(mayFill.map((log) => [log, layout.flag(`${log} full`)]));
  return {
    configuration,
    layout,
    initial: initialOf(plan, transactions),
    transactions,
    legs,
    accounts: all,
    currencies: [...new Set(all.flatMap(({ piles }) => piles.map(({ currency }) => currency)))],
    logs,
    fullLogs,
    rivals: rivalsOf(recorded, transactions),
    batch,
    readers,
    clocks,
  };
}

function latestOf({ clocks }: Configuration): number | undefined {
  return clocks && clocks.last + Math.max(0, ...Object.values(clocks.ahead));
}

function buildTransaction(plan: Plan, planned: PlannedTransaction, number: number) {
  const { layout, recorded, rules } = plan;
  const { name, id, request, lines, legs } = recorded[number]!;
  const origin = recorded.find(({ expiration }) => expiration?.endingId === id);
  const ownLog = planned.batch ? "log of the batch" : `log of ${origin?.name ?? name}`;
  const log = planned.log ?? ownLog;
  const deadline = deadlineKind(rules.deadlineOf, request);
  const mayBeLate = deadlineKind(productionRules.deadlineOf, request) === "may be over";
  const transaction: TransactionModel = {
    name,
    number,
    id,
    lines,
    log,
    clock: clockOf(plan, log),
    isPosted: planned.isPosted ?? false,
    row: layout.add(`${name} row`, rowNames),
    decidedAt: timeField(plan, `${name} decided at`),
    overdue: deadline === "none" ? -1 : layout.flag(`${name} overdue`),
    driven: layout.flag(`${name} attempt runs`),
    alarm: layout.flag(`${name} alarm set`),
    sent: layout.flag(`${name} holds sent`),
    deadline,
    late: mayBeLate ? layout.flag(`${name} asked for too late`) : -1,
    legs: [],
    origin: undefined,
    expiration: undefined,
    expires: undefined,
  };
  for (const leg of legs) transaction.legs.push(buildLeg(plan, transaction, leg));
  return transaction;
}

/** Later than any time that a request names, in ms since the epoch. */
const farFuture = Number.MAX_SAFE_INTEGER - preparingMaxMs;

function deadlineKind(
  deadlineOf: Rules["deadlineOf"],
  request: TransactionRequest | undefined,
): TransactionModel["deadline"] {
  if (!request) return "usual";
  const deadline = deadlineOf(request, farFuture);
  if (deadline === undefined) return "none";
  return deadline < farFuture ? "may be over" : "usual";
}

/** What a transaction has to do with others. */
function relate(
  plan: Plan,
  transaction: TransactionModel,
  transactions: readonly TransactionModel[],
): void {
  const { layout, recorded, configuration } = plan;
  const { name } = transaction;
  const { originId, expiration } = recorded[transaction.number]!;
  transaction.origin = transactions.find(({ id }) => id === originId);
  const ending = transactions.find(({ id }) => id === expiration?.endingId);
  if (!expiration || !ending) return;
  const { afterMs } = expiration;
  const { clocks } = configuration;
  ending.expires = transaction;
  transaction.expiration = {
    ending,
    afterMs,
    waits: layout.flag(`${name} is to expire`),
    alarm: layout.flag(`alarm for the expiry of ${name} set`),
    over: clocks ? -1 : layout.flag(`the time of ${name} over`),
    at: clocks ? timeField(plan, `${name} expires at`, afterMs / clocks.tickMs) : -1,
  };
}

function buildLeg(plan: Plan, transaction: TransactionModel, placed: PlacedLeg): LegModel {
  const { layout, recorded } = plan;
  const account = findAccount(plan, placed);
  const { posting } = placed;
  const name = `${transaction.name} in ${account.name}`;
  const own = recorded[transaction.number]!;
  const refusals = refusalsOf(account.name, placed, own, recorded);
  const refusalNames = refusals.map((one) => one.name);
  const votes = ["none", "yes", ...refusalNames.map((refusal) => `no, ${refusal}`)];
  const leg: LegModel = {
    name,
    transaction,
    account,
    transactionId: posting.transactionId,
    posting,
    piles: posting.lines.map((line) => pileOf(account, line)),
    state: layout.add(name, legNames),
    entries: layout.add(`${name} entries`, 2 * posting.lines.length),
    refusal: layout.add(`${name} refused`, refusalNames),
    refusals,
    vote: layout.add(`${name} vote received`, votes),
    newest: timeField(plan, `${name} vote's newest`, 1),
    dated: timeField(plan, `${name} dated`),
    acknowledged: layout.flag(`${name} acknowledged`),
    unwritten: account.opened >= 0 ? layout.flag(`${name} released unwritten`) : -1,
    claims: posting.claims.map(({ key, amount }) => ({
      key,
      amount,
      written: layout.flag(`${name} claims ${key.split(":")[0]}`),
    })),
    asks: [],
    after: undefined,
    origin: undefined,
  };
  account.legs.push(leg);
  return leg;
}

/** The same of a leg. */
function connect({ layout, rules, recorded }: Plan, leg: LegModel): void {
  const { transaction, account } = leg;
  leg.asks = account.legs
    .filter((other) => other !== leg && !leg.transaction.isPosted && !other.transaction.isPosted)
    .map((other) => ({
      other,
      answer: layout.add(`${leg.name} learns of ${other.transaction.name}`, askNames),
    }));
  const { legs, originId } = recorded[transaction.number]!;
  leg.origin = account.legs.find(({ transactionId }) => transactionId === originId);
  const place = transaction.legs.indexOf(leg);
  const list = rules.holdOrder(legs).find((places) => places.includes(place)) ?? [];
  const before = transaction.legs[list[list.indexOf(place) - 1] ?? -1];
  leg.after = before && { leg: before, asked: layout.flag(`${leg.name} asked for`) };
}

function rivalsOf(
  recorded: Plan["recorded"],
  transactions: readonly TransactionModel[],
): readonly (readonly TransactionModel[])[] {
  const uses = transactions.flatMap((transaction) =>
    recorded[transaction.number]!.usesUp.map((name) => ({ name, transaction })),
  );
  return [...Map.groupBy(uses, ({ name }) => name).values()].map((users) =>
    users.map(({ transaction }) => transaction),
  );
}

function buildBatch(
  layout: Layout,
  { transactions: planned }: Configuration,
  transactions: readonly TransactionModel[],
): BatchModel | undefined {
  const being = (role: PlannedTransaction["batch"]) =>
    transactions.filter(({ number }) => planned[number]?.batch === role);
  const items = being("item");
  if (items.length === 0) return undefined;
  return { items, single: being("single")[0], recorded: layout.flag("batch recorded") };
}

function buildReader(
  layout: Layout,
  name: string,
  transactions: readonly TransactionModel[],
): ReaderModel {
  const bits = 2 ** transactions.length - 1;
  return {
    name,
    wallet: layout.add(`${name} at wallet`, 3),
    pass: layout.add(`${name} pass`, 7),
    askFailed: layout.flag(`${name} had a failed ask`),
    asks: transactions.map((one) => layout.add(`${name} learns of ${one.name}`, askNames)),
    shown: layout.add(`${name} captured entries`, bits),
    moments: layout.add(`${name}: sets committed during the read`, 2 ** (bits + 1) - 1),
    rejectedBefore: layout.add(`${name}: rejected before the read`, bits),
  };
}

function buildClocks(
  { configuration: { clocks }, layout, clocksByName }: Plan,
  transactions: readonly TransactionModel[],
): ClocksModel | undefined {
  if (!clocks) return undefined;
  return {
    tickMs: clocks.tickMs,
    now: layout.add("now", clocks.last),
    last: clocks.last,
    latest: clocks.last + Math.max(...transactions.map(({ clock }) => clock.ahead)),
    oneIsWrong: clocks.oneIsWrong ?? false,
    all: clocksByName,
  };
}

/** Some transactions are settled from the start. */
function initialOf(
  { layout, configuration: { clocks } }: Plan,
  transactions: readonly TransactionModel[],
): State {
  const state = layout.blank();
  for (const { isPosted, row, legs, expiration } of transactions) {
    if (!isPosted) continue;
    state[row] = Row.committedSettled;
    if (expiration) {
      state[expiration.waits] = 1;
      state[expiration.alarm] = 1;
      if (clocks) state[expiration.at] = expiration.afterMs / clocks.tickMs;
    }
    for (const { state: leg, entries, posting, claims } of legs) {
      state[leg] = LegIs.posted;
      state[entries] = posting.lines.length;
      for (const { written } of claims) state[written] = 1;
    }
  }
  return state;
}
