// The saga: what the transfer log decides, and from which votes.
import type { Area } from "../planted-fault.ts";

const saga = "src/domain/saga.ts";

export const sagaFaults: Area = {
  area: "saga",
  faults: [
    {
      name: "one-yes-commits",
      breaks: "Only a YES from every leg commits.",
      file: saga,
      find: 'votes.every((vote) => vote?.vote === "yes")',
      replace: 'votes.some((vote) => vote?.vote === "yes")',
      caughtBy: ["test/domain/saga.test.ts"],
    },
  ],
};
