// Every bound of the data and of the protocol, each with its unit and its reason.
// A limit that a client can meet is also in docs/openapi.json, which is generated from here.

/** Amounts and balances: the largest integer that JSON, JavaScript and SQLite all keep exactly. */
export const amountMax = Number.MAX_SAFE_INTEGER;

/** Postings of one split, and the wallets that they may name: what one decision waits for. */
export const splitPostingsMax = 20;
export const splitWalletsMax = 10;

/** Lines of one transaction: those of twenty postings. */
export const linesMax = 2 * splitPostingsMax;

/** Operations of one batch: at most two fifths of what one log shard drives at once. */
export const batchItemsMax = 100;

/** Shards of the transfer log and of the outside world. Constants of the data: another count would
 *  look for old keys and old payment references in the wrong place, so every shard stores it. */
export const shardCount = 256;

/** Key rings. A constant of the data, as above; small, because listing keys asks all of them. */
export const keyShardCount = 16;

/** How long the edge believes what it read of an API key, in ms: a revocation takes effect within
 *  this time and one call to the ring, which is together less than the promised 60 s. */
export const keyCacheMaxMs = 30_000;

/** How long it is believed while the ring does not answer, in ms: with the 10 s of the call that
 *  failed still less than 60 s. */
export const keyCacheBridgeMaxMs = 45_000;

/** API keys that one isolate remembers: bounds its memory to about 5 MB. */
export const keyCacheSizeMax = 10_000;

/** Longest credential that is looked at, in characters: room for a token with many claims. */
export const credentialLengthMax = 4_096;

/** Difference between our clock and a token issuer's that is forgiven, in seconds. */
export const clockSkewMaxS = 60;

/** Difference between the clocks of two machines that one object may run on, in ms: a stored time
 *  is called wrong only beyond it. Synchronised clocks are far closer. */
export const clockDriftMaxMs = 5_000;

/** How far a decision may be dated ahead of the log's clock, in ms, so that it is not dated before
 *  what it spends. Beyond, some clock was wrong, and is not followed: it would date all that comes
 *  after into the future. */
export const decisionAheadMaxMs = 30_000;

/** Age of a readiness report that is answered again in production, in ms: each report writes. */
export const readinessMaxAgeMs = 10_000;

/** Undecided legs of one account before it answers BUSY: bounds what a read has to ask about. */
export const openLegsMax = 256;

/** Posted claims of one key, and so reversals of one transaction: bounds what a vote and a read of
 *  the transaction have to look at. */
export const reversalsMax = 256;

/** Entries between two checkpoints: a balance adds up one checkpoint and at most 63 entries. */
export const checkpointInterval = 64;

/** Time from submission to the last moment at which a transaction may still commit, in ms. */
export const preparingMaxMs = 30_000;

/** How long an authorization may reserve money, in seconds: a minute to 31 days, and 7 days where
 *  nothing is said. */
export const expiresInMinSeconds = 60;
export const expiresInMaxSeconds = 2_678_400;
export const expiresInDefaultSeconds = 604_800;

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

/** Rejected transactions that one alarm run cleans of their details: as above. */
export const cleanBatchMax = 100;

/** Transactions that one log shard drives at once before it refuses new ones: as many as an account
 *  may have open, and few enough to be driven in the time that a client waits. */
export const transactionsInProgressMax = 256;

/** Requests that one isolate of the Worker serves at once before it refuses more: bounds what waits
 *  in memory, and for how long. */
export const requestsInProgressMax = 512;

/** No request takes longer than this, in ms: the longest, an audit, is given up after 60 s. */
export const requestMaxMs = 70_000;

/** A log shard of this many bytes takes no new transactions (the platform's cap is 10 GB). */
export const logBytesMax = 9_000_000_000;

/** Rejected transactions keep description and metadata this long after settling: 30 days in ms. */
export const rejectedDetailsMaxMs = 30 * 24 * 60 * 60 * 1000;

/** A scrub of a log shard begins this long after the one before began: 7 days in ms. */
export const scrubIntervalMs = 7 * 24 * 60 * 60 * 1000;

/** Between two batches of a scrub, in ms: what scrubs cost the accounts is bounded by this, however
 *  often rounds are asked for. */
export const scrubSpacingMs = 60_000;

/** Transactions of one batch: at this pace a round checks a million transactions of a shard before
 *  the next one is due. */
export const scrubBatchMax = 100;

/** Expirations that a round looks at, those that come first: the object answers nobody else
 *  meanwhile. A wrong one is among them before its time comes. */
export const scrubExpirationsMax = 5_000;

/** Accounts that one batch asks at the same time. */
export const scrubAccountsAtOnce = 16;

/** A batch in ms: open transactions wait for the same alarm, and no longer than this. */
export const scrubBatchMaxMs = 10_000;

/** Attempts at one batch, a minute apart, before the transactions of accounts that do not answer
 *  are left to the next round and counted. */
export const scrubTriesMax = 5;

/** Differences that one log shard reports at once; all are kept and counted. */
export const scrubDifferencesShownMax = 20;

/** Legs of one account that an audit asks a log shard about at once: an answer of at most 6 MB,
 *  with every description and all metadata as long as they may be. */
export const auditBatchMax = 500;

/** Capture-and-ask rounds of one read before it answers with `inFlight`. */
export const readPassesMax = 4;

/** Entries one history page scans at most when filters leave most of them out. */
export const historyScanMax = 5_000;

/** Entries of one history page. */
export const historyLimitMax = 200;
export const historyLimitDefault = 50;

/** Authorizations of one page: each of them is read from its own log. */
export const authorizationsLimitMax = 100;
export const authorizationsLimitDefault = 50;

/** Freezes or API keys of one page. */
export const listLimitMax = 200;
export const listLimitDefault = 100;

/** Open transactions one log shard reports to operators at once. */
export const unsettledPerShardMax = 100;

/** Request bodies, in bytes: whatever fits its fields fits the body, even with every character
 *  escaped as \uXXXX. And how much more of a longer one is read and thrown away before the answer,
 *  so that the client sees the answer and not a reset connection. */
export const bodyBytesMax = 80 * 1024;
export const bodyDrainBytesMax = 4 * 1024 * 1024;

/** The body of a batch, in bytes: ten kilobytes for each item, which is far more than an ordinary
 *  one has. */
export const batchBytesMax = 1024 * 1024;

/** How long a body may take to arrive, in ms: slow senders would take the places of others. */
export const bodyArrivalMaxMs = 10_000;

/** Characters of a query: a payment reference alone has up to 2,400 when it is percent-encoded.
 *  Bounds the work that many parameters make; the platform alone would let 16 KB pass. */
export const queryLengthMax = 4_096;

/** A cursor: at most a time, an id and a digest, in base64. */
export const cursorLengthMax = 128;

/** Of a request's own id, which is taken over into logs and answers: a UUID with room to spare.
 *  Other headers have bounds of their own, or only the platform's 128 KB for all of them. */
export const requestIdLengthMax = 64;

/** Field errors that a problem lists: enough to mend a form, too few to make answers large. */
export const fieldErrorsMax = 50;

/** Age that `/ops/unsettled` may ask for, in seconds: a little over 300 years. */
export const olderThanMaxSeconds = 9_999_999_999;

/** Nesting of a JSON body: the deepest valid one is a split in a batch, with five levels. */
export const jsonDepthMax = 8;

/** How long a browser may remember the answer to a preflight, in seconds: a site that is taken off
 *  the list keeps no permission for longer than this. */
export const preflightMaxAgeSeconds = 600;

/** What is stored of a request, in characters: room for people, little of a row's 2 MB. */
export const nameLengthMax = 200;
export const descriptionLengthMax = 500;
export const reasonLengthMax = 500;
export const emailLengthMax = 254;
export const metadataPairsMax = 20;
export const metadataKeyLengthMax = 40;
export const metadataValueLengthMax = 500;
/** All keys and values together, in bytes of UTF-8: any text in ASCII fits, and most others. */
export const metadataBytesMax = 16 * 1024;
/** Part of the name of a claim, so short: it holds every provider's reference that we know of. */
export const referenceLengthMax = 200;
export const providerLengthMax = 32;

/** Of an Idempotency-Key, which is hashed and not stored. The draft of the IETF sets no bound. */
export const idempotencyKeyLengthMax = 255;
