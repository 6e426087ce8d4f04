// Admission: which holds an account may promise.
import type { Area } from "../planted-fault.ts";

const leg = "src/domain/leg.ts";

export const admission: Area = {
  area: "admission",
  faults: [
    {
      name: "held-debits-can-be-spent",
      breaks: "A held debit is spent already.",
      file: leg,
      find: "amount > available(standing.balance, standing.heldDebits)",
      replace: "amount > standing.balance",
      caughtBy: ["test/domain/admission.test.ts"],
    },
    {
      name: "funds-of-before-the-checkpoint-forgotten",
      breaks: "What was posted before the newest checkpoint counts as funds.",
      file: "src/durable-objects/wallet-store.ts",
      find: "coalesce((SELECT net ->> ?1 FROM checkpoint), 0)",
      replace: "0",
      caughtBy: ["test/durable-objects/checkpoints.test.ts"],
    },
  ],
};
