// Asks the transfer logs for the decisions about legs that an account holds: one call for each log
// shard, in parallel. Writes nothing; the account acts on the answers.
import { logShardOf } from "../../domain/ids.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import { describeError } from "../../platform/log.ts";
import type { LegContent } from "../../domain/protocol/leg.ts";
import type { AccountPorts } from "./ports.ts";
import type { Answer, AskCall } from "../transfer-log/contract.ts";

export interface Committed {
  readonly posting: Posting;
  /** In ms since the epoch. */
  readonly decidedAt: number;
}

export interface Learned {
  readonly committed: readonly Committed[];
  readonly rejected: readonly Posting[];
  /** Ids of transactions that their log does not know, or knows with another content. */
  readonly unknown: readonly string[];
  /** A log could not be asked, or did not know a transaction: nothing was learned of some legs. */
  readonly failed: boolean;
}

async function askShard(
  shard: number,
  legs: readonly LegContent[],
  asked: Omit<AskCall, "questions">,
  ports: Pick<AccountPorts, "logs" | "log">,
): Promise<readonly Answer[] | undefined> {
  const questions = legs.map(({ transactionId, fingerprint }) => ({ transactionId, fingerprint }));
  try {
    const result = await ports.logs(shard).ask({ ...asked, questions });
    return result.ok ? result.answers : undefined;
  } catch (error) {
    ports.log("warn", {
      event: "call_failed",
      requestId: asked.requestId,
      target: `transfer-log ${shard} ask`,
      detail: describeError(error),
    });
    return undefined;
  }
}

export async function askAboutLegs(
  legs: readonly LegContent[],
  asked: Omit<AskCall, "questions">,
  ports: Pick<AccountPorts, "logs" | "log">,
): Promise<Learned> {
  const byShard = Map.groupBy(legs, (leg) => logShardOf(leg.transactionId));
  const committed: Committed[] = [];
  const rejected: Posting[] = [];
  const unknown: string[] = [];
  let failed = false;
  await Promise.all(
    Array.from(byShard, async ([shard, inShard]) => {
      const answers = await askShard(shard, inShard, asked, ports);
      if (!answers) failed = true;
      for (const [index, answer] of (answers ?? []).entries()) {
        if (answer.decision === "commit") committed.push(answer);
        else if (answer.decision === "reject") rejected.push(answer.posting);
        else if (answer.decision === "fault") unknown.push(inShard[index]?.transactionId ?? "");
      }
    }),
  );
  return { committed, rejected, unknown, failed: failed || unknown.length > 0 };
}
