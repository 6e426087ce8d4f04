// The leg machine and the rules of admission: what an account promises, and what it does with it.
import type { Area } from "../planted-fault.ts";

const file = "src/domain/protocol/leg.ts";
const machine = ["test/domain/leg.test.ts"];
const admission = ["test/domain/admission.test.ts"];

export const legFaults: Area = {
  area: "leg",
  faults: [
    {
      name: "post-without-a-hold",
      breaks: "What was never held cannot be posted.",
      file,
      find: '    post: { effect: "integrity_fault" },\n    release: { effect: "write_void", next: "void" },',
      replace:
        '    post: { effect: "append_entry", next: "posted" },\n    release: { effect: "write_void", next: "void" },',
      caughtBy: machine,
    },
    {
      name: "release-leaves-no-tombstone",
      breaks: "A release before its hold leaves a void, so that a late hold keeps no money.",
      file,
      find: '    post: { effect: "integrity_fault" },\n    release: { effect: "write_void", next: "void" },',
      replace:
        '    post: { effect: "integrity_fault" },\n    release: { effect: "acknowledge", next: "void" },',
      caughtBy: machine,
    },
    {
      name: "held-leg-is-not-released",
      breaks: "A release voids what is held.",
      file,
      find: '    post: { effect: "append_entry", next: "posted" },\n    release: { effect: "write_void", next: "void" },',
      replace:
        '    post: { effect: "append_entry", next: "posted" },\n    release: { effect: "acknowledge", next: "void" },',
      caughtBy: machine,
    },
    {
      name: "posted-twice",
      breaks: "A repeated post is acknowledged and appends nothing.",
      file,
      find: 'post: { effect: "acknowledge", next: "posted" }',
      replace: 'post: { effect: "append_entry", next: "posted" }',
      caughtBy: machine,
    },
    {
      name: "posted-leg-is-given-up",
      breaks: "The release of a posted leg is an integrity fault.",
      file,
      find: '    release: { effect: "integrity_fault" },',
      replace: '    release: { effect: "acknowledge", next: "posted" },',
      caughtBy: machine,
    },
    {
      name: "void-is-admitted-again",
      breaks: "A NO is final.",
      file,
      find: 'hold: { effect: "vote_again", next: "void" }',
      replace: 'hold: { effect: "admit", yes: "held", no: "void", busy: "none" }',
      caughtBy: machine,
    },
    {
      name: "held-debits-can-be-spent",
      breaks: "A held debit is spent already.",
      file,
      find: "amount > available(standing.balance, standing.heldDebits)",
      replace: "amount > standing.balance",
      caughtBy: admission,
    },
    {
      name: "last-unit-is-refused",
      breaks: "A debit may take all that is available.",
      file,
      find: "amount > available(standing.balance",
      replace: "amount >= available(standing.balance",
      caughtBy: admission,
    },
    {
      name: "freeze-holds-back-credits",
      breaks: "Credits enter a frozen wallet.",
      file,
      find: '  if (direction === "debit") {\n    if (standing.frozen) {',
      replace: '  if (direction === "debit" || standing.frozen) {\n    if (standing.frozen) {',
      caughtBy: admission,
    },
    {
      name: "freeze-is-forgotten",
      breaks: "A frozen wallet refuses new debits.",
      file,
      find: "if (standing.frozen) {",
      replace: "if (standing.frozen && amount > standing.balance) {",
      caughtBy: admission,
    },
    {
      name: "funds-refused-without-asking",
      breaks: "Before insufficient_funds the logs of held legs are asked.",
      file,
      find: 'code: "insufficient_funds", account }, contestable: true',
      replace: 'code: "insufficient_funds", account }, contestable: false',
      caughtBy: admission,
    },
    {
      name: "headroom-refused-without-asking",
      breaks: "Before balance_limit_exceeded the logs of held legs are asked.",
      file,
      find: 'code: "balance_limit_exceeded", account }, contestable: true',
      replace: 'code: "balance_limit_exceeded", account }, contestable: false',
      caughtBy: admission,
    },
    {
      name: "held-claim-is-a-duplicate",
      breaks: "A reference is refused only against a posted claim.",
      file,
      find: "if (claim?.posted) {",
      replace: "if (claim) {",
      caughtBy: admission,
    },
    {
      name: "undecided-claim-is-overlooked",
      breaks: "A payment reference funds once.",
      file,
      find: 'if (claim) return { vote: "busy"',
      replace: 'if (claim?.posted) return { vote: "busy"',
      caughtBy: admission,
    },
    {
      name: "one-open-leg-too-many",
      breaks: "An account has at most 256 open legs.",
      file,
      find: "openLegs < openLegsMax",
      replace: "openLegs <= openLegsMax",
      caughtBy: admission,
    },
    {
      name: "full-account-is-not-contested",
      breaks: "An account full of open legs asks what became of them.",
      file,
      find: '{ vote: "busy", reason: "open_legs", contestable: true }',
      replace: '{ vote: "busy", reason: "open_legs", contestable: false }',
      caughtBy: admission,
    },
  ],
};
