// The outside world: a payment reference funds once.
import type { Area } from "../planted-fault.ts";

const file = "src/durable-objects/external-account/core.ts";
const references = ["test/durable-objects/account/racing-references.test.ts"];
const asking = ["test/durable-objects/account/accounts-that-ask.test.ts"];

export const externalAccountFaults: Area = {
  area: "external-account",
  faults: [
    {
      name: "holds-claim-nothing",
      breaks: "A held funding claims its payment reference.",
      file,
      find: "onHeld: (posting) => claims.insert(...claimOf(posting), posting.transactionId),",
      replace: "onHeld: () => {},",
      caughtBy: references,
    },
    {
      name: "claims-outlive-their-void",
      breaks: "A reference whose funding was rejected is free again.",
      file,
      find: "onVoid: (posting) => claims.delete(...claimOf(posting), posting.transactionId),",
      replace: "onVoid: () => {},",
      caughtBy: references,
    },
    {
      name: "held-claims-count-as-posted",
      breaks: "A duplicate is refused only against a posted claim.",
      file,
      find: "EXISTS (SELECT 1 FROM legs WHERE open = 0 AND sequence IS NOT NULL\n",
      replace: "EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1)\n",
      caughtBy: asking,
    },
    {
      name: "posted-claims-count-as-held",
      breaks: "A duplicate of a posted claim is refused.",
      file,
      find: "EXISTS (SELECT 1 FROM legs WHERE open = 0 AND sequence IS NOT NULL\n",
      replace: "EXISTS (SELECT 1 FROM legs WHERE open = 1 AND sequence IS NOT NULL\n",
      caughtBy: references,
    },
    {
      name: "claimant-is-not-asked-about",
      breaks: "An undecided claim is asked about before a funding is put off.",
      file: "src/domain/admission/admit.ts",
      find: "held.filter(({ transactionId }) => transactionId === claimant)",
      replace: "held.filter(({ transactionId }) => transactionId !== claimant)",
      caughtBy: asking,
    },
    {
      name: "claims-without-their-provider",
      breaks: "A reference is another one with another provider.",
      file,
      find: "FROM claims WHERE provider = ?2 AND reference = ?3)",
      replace: "FROM claims WHERE ?2 <> '' AND reference = ?3)",
      caughtBy: references,
    },
    {
      name: "money-without-a-reference",
      breaks: "Money from outside has a payment reference.",
      file,
      find: 'throw new Error("money from outside has a payment reference");',
      replace: 'return ["default", "none"];',
      caughtBy: ["test/durable-objects/rpc/junk-calls.test.ts"],
    },
  ],
};
