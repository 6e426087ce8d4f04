// The leg machine: what an account promises, and what it does with it.
import type { Area } from "../planted-fault.ts";

const file = "src/domain/protocol/leg.ts";
const machine = ["test/domain/leg.test.ts"];

export const legFaults: Area = {
  area: "leg",
  faults: [
    {
      name: "post-without-a-hold",
      breaks: "What was never held cannot be posted.",
      file,
      find: 'busy: "none" }, post: "fault"',
      replace: 'busy: "none" }, post: "posted"',
      caughtBy: machine,
    },
    {
      name: "release-leaves-no-tombstone",
      breaks: "A release before its hold leaves a void, so that a late hold keeps no money.",
      file,
      find: 'post: "fault", release: "void" },\n  held',
      replace: 'post: "fault", release: "none" },\n  held',
      caughtBy: machine,
    },
    {
      name: "held-leg-is-not-released",
      breaks: "A release voids what is held.",
      file,
      find: 'post: "posted", release: "void" }',
      replace: 'post: "posted", release: "held" }',
      caughtBy: machine,
    },
    {
      name: "posted-twice",
      breaks: "A repeated post is acknowledged and appends nothing.",
      file,
      find: "if (from === to) return undefined;",
      replace: 'if (from === to && to !== "posted") return undefined;',
      caughtBy: machine,
    },
    {
      name: "posted-leg-is-given-up",
      breaks: "The release of a posted leg is an integrity fault.",
      file,
      find: 'post: "posted", release: "fault" }',
      replace: 'post: "posted", release: "void" }',
      caughtBy: machine,
    },
    {
      name: "void-is-admitted-again",
      breaks: "A NO is final.",
      file,
      find: "  if (leg) {\n    const write",
      replace: '  if (leg && leg.state !== "void") {\n    const write',
      caughtBy: machine,
    },
    {
      name: "busy-leaves-a-tombstone",
      breaks: "BUSY writes nothing.",
      file,
      find: 'busy: "none"',
      replace: 'busy: "void"',
      caughtBy: machine,
    },
    {
      name: "failed-asks-are-overlooked",
      breaks: "A failed ask gives no vote.",
      file,
      find: "return failed ? {",
      replace: 'return failed && typeof failed === "string" ? {',
      caughtBy: machine,
    },
    {
      name: "contradictory-hold-votes",
      breaks: "A hold of another content than the recorded leg's is a fault.",
      file,
      find: "const detail = contradiction(leg, call);",
      replace: 'const detail = leg.state === "held" ? undefined : contradiction(leg, call);',
      caughtBy: machine,
    },
    {
      name: "known-leg-is-admitted-again",
      breaks: "A known leg votes again and asks nothing.",
      file,
      find: "  if (leg) {\n    const write",
      replace: '  if (leg && leg.state !== "held") {\n    const write',
      caughtBy: machine,
    },
  ],
};
