// Admission: one rule for each reason not to admit a new leg, run in order of precedence.
import type { Area } from "../planted-fault.ts";

const admit = "src/domain/admission/admit.ts";
const claim = "src/domain/admission/claim.ts";
const frozen = "src/domain/admission/frozen.ts";
const funds = "src/domain/admission/funds.ts";
const headroom = "src/domain/admission/headroom.ts";
const openLegs = "src/domain/admission/open-legs.ts";
const admission = ["test/domain/admission.test.ts"];

export const admissionFaults: Area = {
  area: "admission",
  faults: [
    {
      name: "held-debits-can-be-spent",
      breaks: "A held debit is spent already.",
      file: funds,
      find: "amount <= available(found.balance, found.heldDebits)",
      replace: "amount <= available(found.balance, 0)",
      caughtBy: admission,
    },
    {
      name: "last-unit-is-refused",
      breaks: "A debit may take all that is available.",
      file: funds,
      find: "amount <= available(",
      replace: "amount < available(",
      caughtBy: admission,
    },
    {
      name: "freeze-holds-back-credits",
      breaks: "Credits enter a frozen wallet.",
      file: frozen,
      find: 'standing.frozen && direction === "debit"',
      replace: "standing.frozen && direction.length > 0",
      caughtBy: admission,
    },
    {
      name: "freeze-is-forgotten",
      breaks: "A frozen wallet refuses new debits.",
      file: frozen,
      find: "standing.frozen && direction",
      replace: "standing.frozen && standing.openLegs > 0 && direction",
      caughtBy: admission,
    },
    {
      name: "funds-refused-without-asking",
      breaks: "Before insufficient_funds the logs of held legs are asked.",
      file: funds,
      find: "contestable: true",
      replace: "contestable: false",
      caughtBy: admission,
    },
    {
      name: "headroom-refused-without-asking",
      breaks: "Before balance_limit_exceeded the logs of held legs are asked.",
      file: headroom,
      find: "contestable: true",
      replace: "contestable: false",
      caughtBy: admission,
    },
    {
      name: "held-claim-is-a-duplicate",
      breaks: "A reference is refused only against a posted claim.",
      file: claim,
      find: "    claim?.posted\n",
      replace: "    claim\n",
      caughtBy: admission,
    },
    {
      name: "undecided-claim-is-overlooked",
      breaks: "A payment reference funds once.",
      file: claim,
      find: "claim && !claim.posted",
      replace: 'claim && claim.transactionId === ""',
      caughtBy: admission,
    },
    {
      name: "one-open-leg-too-many",
      breaks: "An account has at most 256 open legs.",
      file: openLegs,
      find: "standing.openLegs < openLegsMax",
      replace: "standing.openLegs <= openLegsMax",
      caughtBy: admission,
    },
    {
      name: "full-account-is-not-contested",
      breaks: "An account full of open legs asks what became of them.",
      file: openLegs,
      find: "contestable: true",
      replace: "contestable: false",
      caughtBy: admission,
    },
    {
      name: "funds-before-the-freeze",
      breaks: "Where several refusals apply, the first in precedence is given.",
      file: admit,
      find: "  frozen,\n  postedClaim,\n  funds,\n",
      replace: "  funds,\n  frozen,\n  postedClaim,\n",
      caughtBy: admission,
    },
    {
      name: "full-account-before-its-refusals",
      breaks: "A full account still refuses what it could not admit anyway.",
      file: admit,
      find: "  frozen,\n  postedClaim,\n  funds,\n  headroom,\n  heldClaim,\n  openLegs,\n",
      replace: "  openLegs,\n  frozen,\n  postedClaim,\n  funds,\n  headroom,\n  heldClaim,\n",
      caughtBy: admission,
    },
    {
      name: "freeze-is-contested",
      breaks: "No other leg could change the refusal of a frozen wallet.",
      file: frozen,
      find: "contestable: false",
      replace: "contestable: true",
      caughtBy: admission,
    },
    {
      name: "held-claim-put-off-without-asking",
      breaks: "Before BUSY the log of an undecided claimant is asked.",
      file: claim,
      find: "contestable: true",
      replace: "contestable: false",
      caughtBy: admission,
    },
    {
      name: "outside-world-has-funds",
      breaks: "The outside world is not limited by what it holds.",
      file: funds,
      find: 'if (!found || direction !== "debit") return undefined;',
      replace:
        'if (!found && direction === "debit") return { vote: "no", refusal: { code, account } };\n    if (!found || direction !== "debit") return undefined;',
      caughtBy: admission,
    },
  ],
};
