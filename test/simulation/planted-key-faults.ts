// For every invariant of API keys, a fault that breaks it. See planted-faults.ts.
import type { KeyAnswer } from "./key-client.ts";
import { found, type PlantedFault } from "./planting.ts";
import type { Simulation } from "./simulation.ts";

type Found = Extract<KeyAnswer, { readonly kind: "look_up" | "revoke" }>;

/** Repeats the last answer of this kind, long after it, with another key record. */
function answerLater(
  { history, scheduler }: Simulation,
  kind: "look_up" | "revoke",
  change: (key: Extract<Found["result"], { ok: true }>["key"]) => object,
): void {
  const last = found(history.keys.findLast((one): one is Found => one.kind === kind));
  if (!last.result.ok) return;
  const key = change(last.result.key) as typeof last.result.key;
  const beganAt = scheduler.step + 1;
  history.keys.push({ ...last, beganAt, endedAt: beganAt + 1, result: { ok: true, key } });
}

export const plantedKeyFaults: readonly PlantedFault[] = [
  {
    invariant: "one-key-per-request",
    fault: "a look-up shows another secret",
    plant: (simulation) =>
      answerLater(simulation, "look_up", (key) => ({ ...key, secretHash: "0".repeat(64) })),
  },
  {
    invariant: "secrets-fit-their-keys",
    fault: "a request with another secret is told that it is the key's",
    plant: ({ history }) => {
      const created = found(history.keys.find((one) => one.kind === "create"));
      if (created.kind !== "create") return;
      const creation = { ...created.creation, secretHash: "0".repeat(64) };
      history.keys.push({ ...created, creation });
    },
  },
  {
    invariant: "keys-are-not-forgotten",
    fault: "a revoked key is shown as good again",
    plant: (simulation) =>
      answerLater(simulation, "look_up", (key) => ({ ...key, revoked: undefined })),
  },
  {
    invariant: "keys-stay-with-their-tenant",
    fault: "a tenant revokes the key of another",
    plant: (simulation) =>
      answerLater(simulation, "revoke", (key) => ({ ...key, tenant: "other" })),
  },
];
