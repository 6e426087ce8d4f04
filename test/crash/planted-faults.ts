// Faults to plant into the bundle before it is run: a crash test that cannot fail proves nothing.
// `npm run test:crash -- --fault NAME` must end with exit code 1. Never part of a build.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceFolder } from "../../scripts/workerd.ts";

interface PlantedFault {
  /** Found once in the bundle: what the rule looks like there. The bundler numbers names that
   *  several modules use. */
  readonly rule: RegExp;
  readonly instead: string;
}

export const plantedFaults: Readonly<Record<string, PlantedFault>> = {
  /** A payment reference is not claimed by the hold. */
  reference_not_claimed: {
    rule: /claims\.insert\(\.\.\.claimOf\d*\(posting\), posting\.transactionId\)/,
    instead: "void posting",
  },
  /** Held debits can be spent again. */
  held_funds_are_free: {
    rule: /available\(standing\.balance, standing\.heldDebits\)/,
    instead: "standing.balance",
  },
  /** A post is acknowledged and, now and then, not done. */
  posts_forgotten: {
    rule: /step\.effect === "append_entry"/,
    instead: 'step.effect === "append_entry" && Math.random() < 0.99',
  },
  /** Every answer is dated anew. */
  replays_dated_anew: {
    rule: /(amount: leg\.amount,[^;]{0,80}createdAt: renderTime\()createdAt/,
    instead: "$1Date.now()",
  },
  /** A read answers what it finds and asks nobody about held legs. */
  reads_ask_nobody: {
    rule: /if \(captured\.held\.length === 0\) return captured;/,
    instead: "return captured;",
  },
  /** Nothing wakes a transaction that a crash has interrupted. */
  alarm_never_set: {
    rule: /this\.#storage\.setAlarm\(time\d*\)/,
    instead: "Promise.resolve()",
  },
};

/** How often the rule is in a bundle: once, or the fault has been overtaken by the code. */
export function placesOf({ rule }: PlantedFault, bundle: string): number {
  return bundle.match(new RegExp(rule.source, "g"))?.length ?? 0;
}

export function plantFault(service: ServiceFolder, name: string): void {
  const fault = plantedFaults[name];
  if (!fault) throw new Error(`no such fault; there are ${Object.keys(plantedFaults).join(", ")}`);
  const path = join(service.path, "bundle", "index.js");
  const script = readFileSync(path, "utf8");
  const places = placesOf(fault, script);
  if (places !== 1) throw new Error(`the rule of ${name} is in the bundle ${places} times`);
  writeFileSync(path, script.replace(fault.rule, fault.instead));
}
