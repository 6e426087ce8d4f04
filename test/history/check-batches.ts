// Batches as their clients know them: one content under a key, answered the same, all of it. What
// becomes of the items is looked at with all other transactions.
import { isRecorded, type Answered, type Batch, type History } from "./history.ts";
import type { Report } from "./violations.ts";

function isAccepted({ operation: { status } }: Answered): boolean {
  return status === 200 || status === 202;
}

function checkContent({ id }: Batch, count: number, answers: readonly Answered[], report: Report) {
  const accepted = answers.filter(isAccepted);
  for (const { content } of accepted) {
    const shown = content?.["items"] as readonly unknown[] | undefined;
    if (shown?.length === count) continue;
    report("wrong_answer", `batch ${id}: ${shown?.length} of ${count} items are answered`);
  }
  const final = accepted.filter(({ operation: { status } }) => status === 200);
  const bodies = new Set(final.map(({ operation: { body } }) => body));
  if (bodies.size > 1) report("changed_replay", `batch ${id} was answered in two ways`);
}

export function checkBatches({ batches, transactions }: History, report: Report): void {
  for (const batch of batches.values()) {
    const { id, contents } = batch;
    for (const { count, answers } of contents.values()) checkContent(batch, count, answers, report);
    const single = transactions.get(id);
    const singly = [...(single?.variants.values() ?? [])];
    const recorded = [...contents.values()].filter(({ answers }) => answers.some(isAccepted));
    const uses = recorded.length + singly.filter(isRecorded).length;
    if (uses > 1) report("doubled_effect", `the key of batch ${id} was used ${uses} times`);
    if (contents.size + singly.length > 1) continue;
    const answers = [...contents.values()].flatMap((content) => content.answers);
    if (answers.some(({ content }) => content?.["code"] === "idempotency_key_reused")) {
      report("false_refusal", `the key of batch ${id} was used for one batch only`);
    }
  }
}
