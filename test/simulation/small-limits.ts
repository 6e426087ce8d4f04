// The limits of the ledger, those of them small that a short run would never meet: loaded in place of
// src/domain/limits.ts by smallLimits() of loader.ts. Everything else is as in production.
export * from "../../src/domain/limits.ts";

/** Open legs of one account before it is BUSY. */
export const openLegsMax = 3;

/** Entries from one checkpoint to the next. */
export const checkpointInterval = 4;

/** Entries of a page of the history, and entries that it looks at. */
export const historyLimitMax = 3;
export const historyScanMax = 3;

/** Rounds of one read before it answers with `inFlight`. */
export const readPassesMax = 1;

/** Transactions that one alarm drives, and rejected ones that it cleans. */
export const alarmBatchMax = 1;
export const cleanBatchMax = 1;

/** Transactions of one batch of a scrub. */
export const scrubBatchMax = 2;

/** Transactions that a log shard reports as unsettled at once. */
export const unsettledPerShardMax = 1;
