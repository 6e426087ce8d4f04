// All planted faults, by area.
import type { Area, EquivalentEdit, PlantedFault } from "./planted-fault.ts";
import { accountLegFaults } from "./faults/account-legs.ts";
import { admissionFaults } from "./faults/admission.ts";
import { accountFaults } from "./faults/account.ts";
import { auditFaults } from "./faults/audit.ts";
import { authenticationFaults } from "./faults/authentication.ts";
import { authorizationFaults } from "./faults/authorizations.ts";
import { batchFaults } from "./faults/batches.ts";
import { clockStepFaults } from "./faults/clock-steps.ts";
import { documentFaults } from "./faults/document.ts";
import { edgeInput } from "./faults/edge-input.ts";
import { edgeFaults } from "./faults/edge.ts";
import { externalAccountFaults } from "./faults/external-account.ts";
import { httpFaults } from "./faults/http.ts";
import { identityFaults } from "./faults/identity.ts";
import { keyRegisterFaults } from "./faults/key-register.ts";
import { keyRingFaults } from "./faults/key-ring.ts";
import { legFaults } from "./faults/leg.ts";
import { moneyFaults } from "./faults/money.ts";
import { operationFaults } from "./faults/operations.ts";
import { oracleFaults } from "./faults/oracle.ts";
import { releaseFaults } from "./faults/releases.ts";
import { runnerFaults } from "./faults/saga-runner.ts";
import { sagaFaults } from "./faults/saga.ts";
import { schemaFaults } from "./faults/schema.ts";
import { scrubFaults } from "./faults/scrub.ts";
import { smallLimitFaults } from "./faults/small-limits.ts";
import { transferLogFaults } from "./faults/transfer-log.ts";
import { walletFaults } from "./faults/wallet.ts";

const areas: readonly Area[] = [
  accountLegFaults,
  admissionFaults,
  accountFaults,
  auditFaults,
  authenticationFaults,
  authorizationFaults,
  batchFaults,
  clockStepFaults,
  documentFaults,
  edgeInput,
  edgeFaults,
  externalAccountFaults,
  httpFaults,
  identityFaults,
  keyRegisterFaults,
  keyRingFaults,
  legFaults,
  moneyFaults,
  operationFaults,
  oracleFaults,
  releaseFaults,
  runnerFaults,
  sagaFaults,
  schemaFaults,
  scrubFaults,
  smallLimitFaults,
  transferLogFaults,
  walletFaults,
];

export type NamedFault = PlantedFault & { readonly area: string };

export const allFaults: readonly NamedFault[] = areas.flatMap(({ area, faults }) =>
  faults.map((fault) => ({ area, ...fault })),
);

export const allEquivalent: readonly (EquivalentEdit & { readonly area: string })[] = areas.flatMap(
  ({ area, equivalent = [] }) => equivalent.map((edit) => ({ area, ...edit })),
);
