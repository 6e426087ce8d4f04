// Two releases at once: what one of them sends is good for the other.
import type { Area } from "../planted-fault.ts";

const contract = "src/durable-objects/rpc/contract.ts";
const caughtBy = ["test/durable-objects/rpc/protocol-versions.test.ts"];

export const releaseFaults: Area = {
  area: "releases",
  faults: [
    {
      name: "the-version-before-is-unknown",
      breaks: "A release understands the version of the one before.",
      file: contract,
      find: "protocol === protocolVersions.own || protocol === protocolVersions.before;",
      replace: "protocol === protocolVersions.own;",
      caughtBy,
    },
    {
      name: "every-version-is-understood",
      breaks: "A version that is neither this release's nor that of the one before is BUSY.",
      file: contract,
      find: "protocol === protocolVersions.own || protocol === protocolVersions.before;",
      replace: 'typeof protocol === "number";',
      caughtBy,
    },
    {
      name: "every-leg-is-said-in-the-own-version",
      breaks: "A call goes out in the lowest version that can say it.",
      file: contract,
      find: "Math.max(isNew ? 2 : 1, protocolVersions.before)",
      replace: "Math.max(isNew ? 2 : 2, protocolVersions.before)",
      caughtBy,
    },
    {
      name: "origins-are-said-in-the-version-before",
      breaks: "A leg with an origin is said in a version that has origins.",
      file: contract,
      find: "    origin !== undefined ||\n",
      replace: "",
      caughtBy,
    },
    {
      name: "claims-on-origins-are-said-in-the-version-before",
      breaks: "A claim on an origin is said in a version that has them.",
      file: contract,
      find: "    claims.some(({ key }) => originId(key) !== undefined) ||\n",
      replace: "",
      caughtBy,
    },
    {
      name: "reserved-money-is-said-in-the-version-before",
      breaks: "A line in reserved money is said in a version that has it.",
      file: contract,
      find: 'lines.some(({ bucket }) => bucket === "reserved")',
      replace: 'lines.some(({ bucket }) => bucket !== "reserved" && bucket !== "available")',
      caughtBy,
    },
    {
      name: "accounts-ask-in-the-own-version",
      breaks: "An ask goes out in the lowest version that can say it.",
      file: "src/durable-objects/account/core.ts",
      find: "const asked = { protocol: protocolVersions.before,",
      replace: "const asked = { protocol: protocolVersions.own,",
      caughtBy,
    },
    {
      name: "the-version-before-is-not-validated",
      breaks: "A malformed call of a version that is understood throws.",
      file: "src/durable-objects/rpc/validate.ts",
      find: "!isUnderstood(sent)",
      replace: '(!isUnderstood(sent) || sent["protocol"] === 1)',
      caughtBy,
    },
  ],
};
