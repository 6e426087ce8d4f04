// Every bound of the data and of the protocol, each with its unit and its reason.
// A limit that a client can meet is also in docs/openapi.json, which is generated from here.

/** Amounts and balances: the largest integer that JSON, JavaScript and SQLite all keep exactly. */
export const amountMax = Number.MAX_SAFE_INTEGER;

/** Shards of the transfer log and of the outside world. Constants of the data: another count would
 *  look for old keys and old payment references in the wrong place, so every shard stores it. */
export const shardCount = 256;

/** Undecided legs of one account before it answers BUSY: bounds what a read has to ask about. */
export const openLegsMax = 256;

/** Entries between two checkpoints: a balance adds up one checkpoint and at most 63 entries. */
export const checkpointInterval = 64;

/** Time from submission to the last moment at which a transaction may still commit, in ms. */
export const preparingMaxMs = 30_000;

/** How long a client waits for the end of its transaction before it is told 202, in ms. */
export const answerWaitMaxMs = 5_000;

/** One call to another object, in ms: a call that hangs must not hang the saga. */
export const callMaxMs = 5_000;

/** Age at which a running attempt is overtaken instead of joined, in ms: two calls long. */
export const attemptMaxMs = 10_000;

/** After a first NO, how long the other votes are waited for, so that the reported refusal is the
 *  first in precedence and not the first to arrive, in ms. */
export const otherVotesMaxMs = 1_000;

/** Attempts to settle a decided transaction before it is reported as stuck. It is still retried. */
export const attemptsUntilStuck = 20;

/** Transactions one alarm run drives: keeps one run short, the next is armed before it starts. */
export const alarmBatchMax = 50;

/** A log shard of this many bytes takes no new transactions (the platform's cap is 10 GB). */
export const logBytesMax = 9_000_000_000;

/** Rejected transactions keep description and metadata this long after settling: 30 days in ms. */
export const rejectedDetailsMaxMs = 30 * 24 * 60 * 60 * 1000;

/** Capture-and-ask rounds of one read before it answers with `inFlight`. */
export const readPassesMax = 4;

/** Entries one history page scans at most when filters leave most of them out. */
export const historyScanMax = 5_000;

/** Entries of one history page. */
export const historyLimitMax = 200;
export const historyLimitDefault = 50;

/** Freezes of a wallet that are shown. A wallet that was frozen more often is a case for people. */
export const freezesShownMax = 100;

/** Open transactions one log shard reports to operators at once. */
export const unsettledPerShardMax = 100;

/** Request bodies, in bytes, and how much more of a too long one is read and thrown away before the
 *  answer, so that the client sees the answer and not a reset connection. */
export const bodyBytesMax = 16 * 1024;
export const bodyDrainBytesMax = 4 * 1024 * 1024;

/** Nesting of a JSON body: the deepest valid body has two levels. */
export const jsonDepthMax = 8;

/** How long a browser may remember the answer to a preflight, in seconds: a site that is taken off
 *  the list keeps no permission for longer than this. */
export const preflightMaxAgeSeconds = 600;

export const nameLengthMax = 200;
export const descriptionLengthMax = 500;
export const reasonLengthMax = 500;
export const emailLengthMax = 254;
export const metadataPairsMax = 20;
export const metadataKeyLengthMax = 40;
export const metadataValueLengthMax = 500;
export const idempotencyKeyLengthMax = 255;
