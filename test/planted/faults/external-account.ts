// The outside world: a payment reference funds once.
import type { Area } from "../planted-fault.ts";

const references = ["test/durable-objects/account/racing-references.test.ts"];
const asking = ["test/durable-objects/account/accounts-that-ask.test.ts"];

export const externalAccountFaults: Area = {
  area: "external-account",
  faults: [
    {
      name: "posted-claims-count-as-held",
      breaks: "A duplicate of a posted claim is refused.",
      file: "src/durable-objects/account/store.ts",
      find: "posted: type !== null",
      replace: "posted: false",
      caughtBy: references,
    },
    {
      name: "claimant-is-not-asked-about",
      breaks: "An undecided claim is asked about before a funding is put off.",
      file: "src/domain/admission/admit.ts",
      find: "held.filter(({ transactionId }) => claimants.includes(transactionId))",
      replace: "held.filter(({ transactionId }) => !claimants.includes(transactionId))",
      caughtBy: asking,
    },
    {
      name: "claims-without-their-provider",
      breaks: "A reference is another one with another provider.",
      file: "src/domain/operations/operation.ts",
      find: "const key = `payment:${provider}:${paymentReference}`;",
      replace: "const key = `payment:${provider.slice(0, 0)}:${paymentReference}`;",
      caughtBy: references,
    },
    {
      name: "money-without-a-reference",
      breaks: "Money from outside has a payment reference.",
      file: "src/durable-objects/external-account/validate.ts",
      find: "return provider !== undefined && (paymentReference ?? payoutReference) !== undefined;",
      replace:
        "return provider !== undefined || (paymentReference ?? payoutReference) === undefined;",
      caughtBy: ["test/durable-objects/rpc/junk-calls.test.ts"],
    },
  ],
};
