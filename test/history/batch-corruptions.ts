// The ways to damage batches: what they have recorded, and what is answered under their keys.
import { batchPath } from "../operations/all.ts";
import type { BadHistory, Op, Row } from "./bad-history.ts";
import { found, walletOf, type Corruption } from "./corruptions.ts";

interface BatchBody {
  readonly items: { readonly status: number; body: { readonly id: string; amount: number } }[];
}

function bodyIn({ body }: Op): BatchBody {
  return JSON.parse(body ?? "") as BatchBody;
}

interface Place {
  readonly entries: Row[];
  readonly row: Row;
}

/** Whether the wallet had as much left at every later moment: one more or less does not show. */
function hasRoom({ entries, row: { bucket, currency, amount }, row }: Place): boolean {
  const later = entries.slice(entries.indexOf(row));
  const own = later.filter((one) => one.bucket === bucket && one.currency === currency);
  return own.every(({ balanceAfter }) => balanceAfter >= amount);
}

/** The rows of a payment of a batch that nothing acts on, and whose money nothing depends on. */
function paymentIn(history: BadHistory): readonly Place[] {
  const items = history.answers(200, batchPath).flatMap((answer) => bodyIn(answer).items);
  const { body } = found(
    items.findLast(({ status, body: { id } }) => {
      return status === 201 && history.isUntouched(id) && history.rows(id).every(hasRoom);
    }),
  );
  history.forgetLookups(body.id);
  return history.rows(body.id);
}

/** Sent again, long after everything else. */
function sentLater(history: BadHistory, sent: Op): Omit<Op, "kind"> {
  const last = Math.max(...history.operations.map(({ completed }) => completed));
  return { ...sent, invoked: last + 1, completed: last + 2 };
}

export const batchCorruptions: readonly Corruption[] = [
  {
    what: "an item of a batch that is lost",
    breaks: ["lost_acknowledgement"],
    damage(history) {
      const rows = paymentIn(history);
      for (const { entries, row } of rows) history.remove(entries, row);
      history.restore(...rows.map(({ entries }) => walletOf(entries)));
    },
  },
  {
    what: "an item of a batch that is carried out twice",
    breaks: ["doubled_effect"],
    damage(history) {
      const rows = paymentIn(history);
      for (const { entries, row } of rows) entries.splice(entries.indexOf(row), 0, { ...row });
      history.restore(...rows.map(({ entries }) => walletOf(entries)));
    },
  },
  {
    what: "another batch that is accepted under the same key",
    breaks: ["doubled_effect"],
    damage(history) {
      const sent = found(history.answers(200, batchPath)[0]);
      const { items } = sent.request as { readonly items: readonly unknown[] };
      const answered = bodyIn(sent).items;
      const shorter = { request: { items: items.slice(0, -1) } };
      const body = JSON.stringify({ items: answered.slice(0, -1) });
      history.addOperation({ ...sentLater(history, sent), ...shorter, body });
    },
  },
  {
    what: "a batch that is answered without one of its items",
    breaks: ["changed_replay", "wrong_answer"],
    damage(history) {
      const sent = found(history.answers(200, batchPath)[0]);
      const body = JSON.stringify({ items: bodyIn(sent).items.slice(0, -1) });
      history.addOperation({ ...sentLater(history, sent), body });
    },
  },
  {
    what: "a batch that is refused as reused, and was not",
    breaks: ["false_refusal"],
    damage(history) {
      const sent = found(history.answers(200, batchPath)[0]);
      const body = JSON.stringify({ code: "idempotency_key_reused", requestId: "planted" });
      history.addOperation({ ...sentLater(history, sent), status: 422, body });
    },
  },
];
