// All planted faults, by area.
import type { Area, EquivalentEdit, PlantedFault } from "./planted-fault.ts";
import { clockStepFaults } from "./faults/clock-steps.ts";
import { accountFaults } from "./faults/account.ts";
import { edgeFaults } from "./faults/edge.ts";
import { auditFaults } from "./faults/audit.ts";
import { documentFaults } from "./faults/document.ts";
import { edgeInput } from "./faults/edge-input.ts";
import { identityFaults } from "./faults/identity.ts";
import { keyRegisterFaults } from "./faults/key-register.ts";
import { legFaults } from "./faults/leg.ts";
import { moneyFaults } from "./faults/money.ts";
import { runnerFaults } from "./faults/saga-runner.ts";
import { releaseFaults } from "./faults/releases.ts";
import { sagaFaults } from "./faults/saga.ts";
import { schemaFaults } from "./faults/schema.ts";
import { scrubFaults } from "./faults/scrub.ts";
import { smallLimitFaults } from "./faults/small-limits.ts";

const areas: readonly Area[] = [
  sagaFaults,
  legFaults,
  moneyFaults,
  identityFaults,
  schemaFaults,
  auditFaults,
  clockStepFaults,
  accountFaults,
  runnerFaults,
  edgeFaults,
  documentFaults,
  scrubFaults,
  edgeInput,
  keyRegisterFaults,
  smallLimitFaults,
  releaseFaults,
];

export type NamedFault = PlantedFault & { readonly area: string };

export const allFaults: readonly NamedFault[] = areas.flatMap(({ area, faults }) =>
  faults.map((fault) => ({ area, ...fault })),
);

export const allEquivalent: readonly (EquivalentEdit & { readonly area: string })[] = areas.flatMap(
  ({ area, equivalent = [] }) => equivalent.map((edit) => ({ area, ...edit })),
);
