// What the OpenAPI document promises to generated clients and to readers.
import type { Area } from "../planted-fault.ts";

const fields = "src/http/schemas/fields.ts";
const caughtBy = ["test/http-pure/openapi.test.ts"];

export const documentFaults: Area = {
  area: "document",
  faults: [
    {
      name: "integers-are-32-bits-wide",
      breaks: "Every integer of the document is 64 bits wide.",
      file: fields,
      find: '.openapi({ format: "int64" })',
      replace: '.openapi({ format: "int32" })',
      caughtBy,
    },
    {
      name: "references-are-wrapped",
      breaks: "A described reference is one type of a generated client, not two.",
      file: "src/http/plain-references.ts",
      find: "references === 1 && plain",
      replace: "references === 2 && plain",
      caughtBy,
    },
    {
      name: "two-operations-try-the-same-key",
      breaks: "Each operation's example has a key of its own.",
      file: "src/http/operations/funding.ts",
      find: "const key = examples.exampleKeys.funding;",
      replace: "const key = examples.exampleKeys.transfer;",
      caughtBy,
    },
    {
      name: "decided-when-posted",
      breaks: "An entry shows when its transaction was decided.",
      file: "src/http/routes/list-transactions.ts",
      find: "decidedAt: renderTime(entry.decidedAt),",
      replace: "decidedAt: renderTime(entry.createdAt),",
      caughtBy: ["test/http-pure/openapi.test.ts", "test/http/list-transactions/periods.test.ts"],
    },
    {
      name: "errors-do-not-say-who-answers-them",
      breaks: "The page of errors lists the operations that answer a code.",
      file: "src/http/pages.ts",
      find: "${answering.map(linkTo)}",
      replace: "",
      caughtBy: ["test/http/docs/200.test.ts"],
    },
  ],
};
