// Rules left out of batches.
import { without, type Mutant } from "./mutant.ts";

export const batchMutants: readonly Mutant[] = [
  without("batch-item-by-item", "batch", "the rows of all items are one sql transaction", {
    batchIsOneWrite: false,
  }),
  without("batch-without-row", "batch", "the row of the batch keeps its key from single use", {
    batchKeepsKey: false,
  }),
  without("batch-under-used-key", "batch", "a key that was used singly is no batch's", {
    singleKeepsKey: false,
  }),
];
