// All invariants, in the order of docs/invariants.md.
import { authorizationInvariants } from "./authorizations.ts";
import { batchInvariants } from "./batches.ts";
import { clientInvariants } from "./clients.ts";
import { decisionInvariants } from "./decisions.ts";
import { identityInvariants } from "./identities.ts";
import type { Invariant } from "./invariant.ts";
import { keyInvariants } from "./keys.ts";
import { ledgerInvariants } from "./ledger.ts";
import { legInvariants } from "./legs.ts";
import { platformInvariants } from "./platform.ts";
import { refusalInvariants } from "./refusals.ts";
import { transactionInvariants } from "./transactions.ts";
import { valueTimeInvariants } from "./value-time.ts";

export const invariants: readonly Invariant[] = [
  ...ledgerInvariants,
  ...legInvariants,
  ...transactionInvariants,
  ...batchInvariants,
  ...authorizationInvariants,
  ...valueTimeInvariants,
  ...decisionInvariants,
  ...refusalInvariants,
  ...clientInvariants,
  ...keyInvariants,
  ...identityInvariants,
  ...platformInvariants,
];
