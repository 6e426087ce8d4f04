// The caller of the tests that call objects directly: its tenant, and the fields of every call.
import { protocolVersions } from "../../src/durable-objects/rpc/contract.ts";

export const tenant = "main";
export const call = { protocol: protocolVersions.before, requestId: "test", tenant } as const;

/** Of a release that this one knows nothing of. */
export const unknownVersion = protocolVersions.own + 1;
