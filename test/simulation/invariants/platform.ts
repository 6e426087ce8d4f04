// Invariants of how objects deal with what the platform does to them.
import type { LogLine } from "../../../src/platform/log.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

function* findIncidents({ incidents }: World): Iterable<Finding> {
  for (const what of incidents) yield { what };
}

interface Refusing {
  readonly vote?: string;
  readonly acknowledged?: boolean;
  readonly ok?: boolean;
  readonly reason?: string;
  readonly problem?: string;
}

function isBusy(method: string, answer: Refusing): boolean {
  const reason = answer.reason ?? answer.problem;
  const noVote = method === "hold" ? answer.vote === "busy" : !(answer.acknowledged ?? answer.ok);
  return noVote && reason === "protocol_version";
}

function* findVotesOnUnknownProtocol({ unknownProtocolCalls }: World): Iterable<Finding> {
  for (const { method, answer } of unknownProtocolCalls) {
    if (isBusy(method, answer as Refusing)) continue;
    yield { what: `${method} is answered ${JSON.stringify(answer)}` };
  }
}

function* findMisunderstood({ misunderstood }: World): Iterable<Finding> {
  for (const { method, by } of misunderstood) yield { what: `${by} does not know its ${method}` };
}

function* findDifferences({ comparisons }: World): Iterable<Finding> {
  for (const { what, before, after } of comparisons) {
    if (before !== after) yield { what: `${what}: ${before} became ${after}` };
  }
}

export const platformInvariants: readonly Invariant[] = [
  {
    name: "nothing-unexpected",
    promise: "No alert is raised, and nothing throws that no fault of the platform explains.",
    holds: "always",
    find: findIncidents,
  },
  {
    name: "unknown-protocol-is-busy",
    promise: "A call of an unknown protocol version is answered BUSY: no vote, no acknowledgement.",
    holds: "always",
    find: findVotesOnUnknownProtocol,
  },
  {
    name: "releases-understand-each-other",
    promise: "No call of a release that may run is refused because of its protocol version.",
    holds: "at quiescence",
    find: findMisunderstood,
  },
  {
    name: "nothing-else-changes-an-answer",
    promise:
      "Checkpoints deleted, messages of long ago, 31 days later: balances and answers stay the same.",
    holds: "at quiescence",
    find: findDifferences,
  },
];

/** A line of an object's log that must not be there: an alert that no simulated fault explains. */
export function isIncident(line: LogLine): boolean {
  if (line.event === "integrity_fault") return true;
  if (line.event !== "unhandled" && line.event !== "alarm_failed") return false;
  return !line.detail.includes("simulated:");
}
