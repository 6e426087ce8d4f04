// Performs the steps of a plan: each by a client of its own, which the run does not wait for.
import { scrubIdFor } from "../../src/domain/ids.ts";
import { performKeyStep } from "./key-client.ts";
import type { KeyStep } from "./key-plan.ts";
import type { Simulation } from "./simulation.ts";
import { renamed, type Step } from "./workload.ts";

export function perform(simulation: Simulation, step: Step): void {
  const client = simulation.newClient();
  switch (step.kind) {
    case "open": {
      const { tenant, opening } = step.wallet;
      void client.open(tenant, step.otherName ? renamed(opening) : opening, 4);
      return;
    }
    case "submit":
      void client.submit(step.submission, step.attemptsMax);
      return;
    case "submit_batch":
      void client.submitBatch(step.batch, step.attemptsMax);
      return;
    case "read_balance":
      void client.readBalance(step.wallet.tenant, step.wallet.walletId);
      return;
    case "read_history":
      void client.readHistory(step.wallet.tenant, step.wallet.walletId, step);
      return;
    case "audit":
      void client.audit(step.wallet.tenant, step.wallet.walletId);
      return;
    case "freeze": {
      const { tenant, walletId } = step.wallet;
      void client.freeze(tenant, walletId, step.frozen, 4);
      return;
    }
    case "list_unsettled": {
      const { tenant, shard } = step;
      const about = { createdUntil: Number.MAX_SAFE_INTEGER };
      void client.ask(simulation.log(shard), "unsettled", tenant, about);
    }
  }
}

/** An operator's command to one log shard. It is not repeated: an answer may get lost. */
export function startScrub(simulation: Simulation, shard: number, key: string): void {
  const about = { scrubId: scrubIdFor("operator", key), principal: "operator" };
  void simulation.newClient().ask(simulation.log(shard), "startScrub", "operator", about);
}

export function performWithKeys(simulation: Simulation, step: KeyStep): void {
  const { scheduler, history } = simulation;
  const client = simulation.newClient();
  void performKeyStep({ client, directory: simulation, scheduler, answers: history.keys }, step);
}
