// Accounts of a world, and the clocks of accounts and logs.
import { isOutside } from "../../src/domain/ledger/line.ts";
import type { Layout } from "./layout.ts";
import type { PlacedLeg, Recorded } from "./plan-transaction.ts";
import type { Configuration, PlannedWallet } from "./planned.ts";
import type { Rules } from "./rules.ts";
import type { AccountModel, ClockModel, Pile } from "./world.ts";

/** What is built so far. */
export interface Plan {
  readonly configuration: Configuration;
  readonly rules: Rules;
  readonly layout: Layout;
  /** By the names of their objects. */
  readonly accounts: Map<string, AccountModel>;
  readonly clocksByName: Map<string, ClockModel>;
  readonly recorded: readonly (Recorded & { readonly name: string })[];
  /** The latest time that any clock shows; undefined where there are none. */
  readonly latest: number | undefined;
}

/** The clock of a log or of an account. */
export function clockOf({ configuration: { clocks }, layout, clocksByName }: Plan, name: string) {
  const known = clocksByName.get(name);
  if (known) return known;
  const mayBePutRight = clocks?.mayBePutRight?.includes(name) ?? false;
  const jumps = clocks?.mayJump?.includes(name) ?? false;
  const changed = jumps ? "has jumped ahead" : "put right";
  const clock: ClockModel = {
    ahead: clocks?.ahead[name] ?? 0,
    isRight: mayBePutRight || jumps ? layout.flag(`clock of ${name} ${changed}`) : -1,
    jumps,
  };
  clocksByName.set(name, clock);
  return clock;
}

/** A field for a time, in worlds that have clocks. */
export function timeField({ layout, latest }: Plan, name: string, more = 0): number {
  return latest === undefined ? -1 : layout.add(name, latest + more);
}

export function buildWallet(
  plan: Plan,
  { name, opening, opensLate, mayFreeze }: PlannedWallet,
): AccountModel {
  const { layout, configuration } = plan;
  const piles = Object.entries(opening ?? {}).flatMap(([currency, amounts]): Pile[] => [
    { bucket: "available", currency, opening: amounts.available },
    { bucket: "reserved", currency, opening: amounts.reserved },
  ]);
  return {
    name,
    isWallet: true,
    openLegs: configuration.openLegs ?? Infinity,
    opened: opensLate ? layout.flag(`${name} open`) : -1,
    frozen: mayFreeze ? layout.flag(`${name} frozen`) : -1,
    freeze: mayFreeze ?? "none",
    clock: clockOf(plan, name),
    head: timeField(plan, `${name} newest entry`),
    piles,
    legs: [],
  };
}

export function findAccount(plan: Plan, { objectName, account }: PlacedLeg): AccountModel {
  const { accounts, configuration } = plan;
  const known = accounts.get(objectName);
  if (known) return known;
  if (!isOutside(account)) throw new Error(`no such wallet: ${account}`);
  const outside = [...accounts.values()].filter(({ isWallet }) => !isWallet).length;
  const name = outside === 0 ? "outside" : `outside ${outside + 1}`;
  const added: AccountModel = {
    name,
    isWallet: false,
    openLegs: configuration.openLegs ?? Infinity,
    opened: -1,
    frozen: -1,
    freeze: "none",
    clock: clockOf(plan, name),
    head: timeField(plan, `${name} newest entry`),
    piles: [],
    legs: [],
  };
  accounts.set(objectName, added);
  return added;
}

export function pileOf(
  { piles }: AccountModel,
  { bucket, currency }: Omit<Pile, "opening">,
): number {
  const found = piles.findIndex((one) => one.bucket === bucket && one.currency === currency);
  return found < 0 ? piles.push({ bucket, currency, opening: 0 }) - 1 : found;
}
