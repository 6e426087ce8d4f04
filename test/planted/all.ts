// All planted faults, by area.
import type { Area, EquivalentEdit, PlantedFault } from "./planted-fault.ts";
import { admission } from "./faults/admission.ts";
import { sagaFaults } from "./faults/saga.ts";

const areas: readonly Area[] = [admission, sagaFaults];

export type NamedFault = PlantedFault & { readonly area: string };

export const allFaults: readonly NamedFault[] = areas.flatMap(({ area, faults }) =>
  faults.map((fault) => ({ area, ...fault })),
);

export const allEquivalent: readonly (EquivalentEdit & { readonly area: string })[] = areas.flatMap(
  ({ area, equivalent = [] }) => equivalent.map((edit) => ({ area, ...edit })),
);
