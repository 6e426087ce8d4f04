// Validates the calls of an external account before anything is read. See rpc/validate.ts.
import { isName } from "../../domain/shape.ts";
import type { ExternalAuditCall } from "../account/audit-contract.ts";
import { call, validatorFor } from "../rpc/validate.ts";

export const validateExternalAudit = validatorFor<ExternalAuditCall>({ ...call, account: isName });
