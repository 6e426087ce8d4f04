// A batch: its items and the use of its key are recorded together or not at all. Everything after
// that is each item's own.
import type { State } from "./layout.ts";
import { insert } from "./log-model.ts";
import type { Emit, Model } from "./model.ts";
import { Row, type BatchModel } from "./world.ts";

/** A client sends it, for the first time or again: what is known is replayed. */
export function runBatch(model: Model, state: State, batch: BatchModel, emit: Emit): void {
  const { rules } = model;
  const { items, single, recorded } = batch;
  if (state[recorded] === 1) return;
  if (rules.singleKeepsKey && single && state[single.row] !== Row.absent) return;
  if (isFull(model, state, batch)) return;
  if (!rules.batchKeepsKey && items.every(({ row }) => state[row] !== Row.absent)) return;
  const next = state.slice();
  for (const item of items) if (state[item.row] === Row.absent) insert(model, next, item);
  if (rules.batchKeepsKey) next[recorded] = 1;
  emit("a client sends the batch", next, "mishap");
  if (rules.batchIsOneWrite) return;
  const [first] = items;
  if (!first || state[first.row] !== Row.absent) return;
  const torn = state.slice();
  insert(model, torn, first);
  torn[first.driven] = 0;
  emit("a client sends the batch, and its log crashes after the first item", torn, "mishap");
}

function isFull({ world }: Model, state: State, { items }: BatchModel): boolean {
  return items.some(({ log }) => state[world.fullLogs.get(log) ?? -1] === 1);
}

/** A key is used for one thing, and that as a whole. */
export function brokenByBatch(state: State, { items, single }: BatchModel): string | undefined {
  const known = items.filter(({ row }) => state[row] !== Row.absent).length;
  if (known > 0 && known < items.length) return "a part of a batch is recorded";
  if (known > 0 && single && state[single.row] !== Row.absent) return "a key is used twice";
  return undefined;
}
