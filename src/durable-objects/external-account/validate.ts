// Validates the calls of an external account before anything is read. See rpc/validate.ts.
import { isName } from "../../domain/shape.ts";
import type { LegCall, PostCall } from "../account/contract.ts";
import { legCallFields, postCallFields } from "../account/validate.ts";
import type { ExternalAuditCall } from "../account/audit-contract.ts";
import type { BooksCall } from "./books-contract.ts";
import { call, validatorFor, versionedValidatorFor } from "../rpc/validate.ts";

export const validateBooks = validatorFor<BooksCall>({ ...call, account: isName });

export const validateExternalAudit = validatorFor<ExternalAuditCall>({ ...call, account: isName });

/** Money that crosses the border of the ledger has the reference of a provider. */
function hasReference({ posting }: LegCall): boolean {
  const { provider, paymentReference, payoutReference } = posting;
  return provider !== undefined && (paymentReference ?? payoutReference) !== undefined;
}

export const validateOutsideLeg = versionedValidatorFor<LegCall>(legCallFields, hasReference);

export const validateOutsidePost = versionedValidatorFor<PostCall>(postCallFields, hasReference);
