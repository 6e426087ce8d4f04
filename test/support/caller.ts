// The caller of the tests that call objects directly: its tenant, and the fields of every call.
import { protocolVersion } from "../../src/durable-objects/rpc/contract.ts";

export const tenant = "main";
export const call = { protocol: protocolVersion, requestId: "test", tenant } as const;
