var account_default=`-- What every account has, wallet or outside world: who it is, its legs, its claims, its ledger.
-- All times are milliseconds since the epoch.

-- Written once, at the first use of the object. A caller with another identity is refused.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  class TEXT NOT NULL,
  tenant TEXT NOT NULL,
  account TEXT NOT NULL,
  -- The number of shards that the data was laid out for; NULL where there are none.
  shards INTEGER,
  -- The hash before the first entry.
  genesis TEXT NOT NULL,
  opened_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER identity_written_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT RAISE(ABORT, 'identity is written once'); END;

CREATE TRIGGER identity_not_updated BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

CREATE TRIGGER identity_not_deleted BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

-- One row for each transaction that this account was ever asked about, with all of its lines here:
-- the dedupe index, never deleted. open = 1: held. open = 0 with a sequence: posted, its last line
-- there; without: void, and \`refusal\` is the NO that made it so. The leading \`open\` keeps the few
-- held legs together, with no second index.
CREATE TABLE legs (
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  transaction_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  -- The first line; debits come first.
  bucket TEXT NOT NULL CHECK (bucket IN ('available', 'reserved')),
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  -- JSON list of the further lines, each [bucket, direction, currency, amount]; NULL without any.
  further TEXT CHECK (json_array_length(further) > 0),
  -- The transaction that this one ends or reverses, if that has a leg here.
  origin TEXT,
  sequence INTEGER CHECK (sequence > 0),
  -- JSON.
  refusal TEXT,
  CHECK (open = 0 OR (sequence IS NULL AND refusal IS NULL)),
  CHECK (sequence IS NULL OR refusal IS NULL),
  PRIMARY KEY (open, transaction_id)
) STRICT, WITHOUT ROWID;

-- A trigger runs before the conflict clause, so INSERT OR REPLACE cannot walk past it.
CREATE TRIGGER legs_inserted_once BEFORE INSERT ON legs
WHEN NEW.sequence IS NOT NULL
  OR EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'a leg starts held or void, once'); END;

CREATE TRIGGER legs_content_fixed
BEFORE UPDATE OF transaction_id, fingerprint, bucket, direction, currency, amount, further, origin,
  refusal ON legs
BEGIN SELECT RAISE(ABORT, 'a leg only closes, with its content unchanged'); END;

-- Posted with the entry of its last line, or void while it has none at all: a leg of which a line
-- is posted is open only while the newest entry is one of its own.
CREATE TRIGGER legs_closed_once BEFORE UPDATE OF open, sequence ON legs
WHEN NOT (
  OLD.open = 1 AND NEW.open = 0
  AND CASE WHEN NEW.sequence IS NULL
    THEN OLD.transaction_id IS NOT
      (SELECT transaction_id FROM entries ORDER BY sequence DESC LIMIT 1)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence AND transaction_id = OLD.transaction_id
        AND line = 1 + coalesce(json_array_length(OLD.further), 0)
    )
  END
)
BEGIN SELECT RAISE(ABORT, 'a leg only closes, once: posted as a whole, or not at all'); END;

CREATE TRIGGER legs_not_deleted BEFORE DELETE ON legs
BEGIN SELECT RAISE(ABORT, 'legs are never deleted'); END;

-- Uses of keys that an account lets be used up to a capacity: by a held leg provisionally, by a
-- posted one for ever. \`payment:<provider>:<reference>\` and \`payout:...\` are used once; of
-- \`origin:<transaction>\` the amounts add up to what that one has put into the account at most.
CREATE TABLE claims (
  key TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  PRIMARY KEY (key, transaction_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER claims_made_once BEFORE INSERT ON claims
WHEN EXISTS (
    SELECT 1 FROM claims WHERE key = NEW.key
      AND (key NOT GLOB 'origin:*' OR transaction_id = NEW.transaction_id)
  )
  OR NOT EXISTS (SELECT 1 FROM legs WHERE open = 1 AND transaction_id = NEW.transaction_id)
BEGIN SELECT RAISE(ABORT, 'a held leg claims a key, once'); END;

CREATE TRIGGER claims_not_updated BEFORE UPDATE ON claims
BEGIN SELECT RAISE(ABORT, 'claims are immutable'); END;

CREATE TRIGGER claims_kept BEFORE DELETE ON claims
WHEN NOT EXISTS (
  SELECT 1 FROM legs
  WHERE open = 0 AND transaction_id = OLD.transaction_id AND sequence IS NULL
)
BEGIN SELECT RAISE(ABORT, 'only the claim of a void leg may go'); END;

-- The ledger: posted lines, append-only and chained by hash. It keeps what history shows.
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  transaction_id TEXT NOT NULL,
  -- Its number in its leg: 1, 2, 3, ...
  line INTEGER NOT NULL CHECK (line > 0),
  type TEXT NOT NULL,
  bucket TEXT NOT NULL CHECK (bucket IN ('available', 'reserved')),
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  currency TEXT NOT NULL,
  counterparty TEXT NOT NULL,
  -- The transaction that this one ends or reverses.
  origin TEXT,
  provider TEXT,
  payment_reference TEXT,
  payout_reference TEXT,
  description TEXT,
  -- JSON object of strings.
  metadata TEXT,
  -- When the transaction was decided: the same on all of its sides.
  decided_at INTEGER NOT NULL,
  -- When it was posted here: never before the previous entry, nor before the decision.
  created_at INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  CHECK (created_at >= decided_at)
) STRICT;

-- An entry continues the chain and posts the next line of a held leg. It follows the line before
-- it, or a whole other transaction: then the leg of the entry before is closed.
CREATE TRIGGER entries_appended BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE sequence >= NEW.sequence)
  OR NOT CASE NEW.sequence
    WHEN 1 THEN NEW.previous_hash IS (SELECT genesis FROM identity)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash
        AND CASE WHEN NEW.line = 1 THEN created_at <= NEW.created_at
          ELSE transaction_id = NEW.transaction_id AND line = NEW.line - 1
            AND created_at = NEW.created_at AND decided_at = NEW.decided_at
        END
    )
  END
  OR NOT EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id = NEW.transaction_id
      AND CASE WHEN NEW.line = 1
        THEN bucket = NEW.bucket AND direction = NEW.direction AND currency = NEW.currency
          AND amount = NEW.amount
        ELSE further -> (NEW.line - 2) =
          json_array(NEW.bucket, NEW.direction, NEW.currency, NEW.amount)
      END
  )
  OR (NEW.line = 1 AND EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id =
      (SELECT transaction_id FROM entries WHERE sequence = NEW.sequence - 1)
  ))
BEGIN SELECT RAISE(ABORT, 'an entry continues the chain and posts the next line of a held leg');
END;

-- The last line closes the leg, in its own statement: neither is ever seen without the other.
CREATE TRIGGER entries_close_legs AFTER INSERT ON entries
BEGIN
  UPDATE legs SET open = 0, sequence = NEW.sequence
  WHERE open = 1 AND transaction_id = NEW.transaction_id
    AND NEW.line = 1 + coalesce(json_array_length(further), 0);
END;

CREATE TRIGGER entries_not_updated BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;

CREATE TRIGGER entries_not_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
`;var keys_default=`-- Which ring this is. Written once; the ring refuses to work under another number of rings.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  class TEXT NOT NULL,
  shard INTEGER NOT NULL,
  shards INTEGER NOT NULL
) STRICT;

CREATE TRIGGER identity_written_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT RAISE(ABORT, 'identity is written once'); END;

CREATE TRIGGER identity_not_updated BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

CREATE TRIGGER identity_not_deleted BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

-- One row for each API key that was ever created: the record of the act and of its idempotency key.
-- What a key may do never changes; a key with other rights is another key.
CREATE TABLE keys (
  id TEXT PRIMARY KEY CHECK (id GLOB 'key_*'),
  tenant TEXT NOT NULL CHECK (tenant <> ''),
  fingerprint TEXT NOT NULL,
  name TEXT NOT NULL,
  -- JSON list.
  scopes TEXT NOT NULL CHECK (json_type(scopes) = 'array'),
  -- SHA-256 of the secret, in hexadecimal. The secret itself is nowhere.
  secret_hash TEXT NOT NULL CHECK (length(secret_hash) = 64),
  -- All times in milliseconds since the epoch.
  expires_at INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  request_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A trigger runs before the conflict clause, so INSERT OR REPLACE cannot walk past it.
CREATE TRIGGER keys_created_once BEFORE INSERT ON keys
WHEN EXISTS (SELECT 1 FROM keys WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a key is created once'); END;

CREATE TRIGGER keys_not_updated BEFORE UPDATE ON keys
BEGIN SELECT RAISE(ABORT, 'keys are immutable'); END;

CREATE TRIGGER keys_not_deleted BEFORE DELETE ON keys
BEGIN SELECT RAISE(ABORT, 'keys are never deleted'); END;

-- A key with a row here is worth nothing, for ever.
CREATE TABLE revocations (
  key_id TEXT PRIMARY KEY,
  revoked_by TEXT NOT NULL,
  revoked_at INTEGER NOT NULL,
  request_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revocations_appended BEFORE INSERT ON revocations
WHEN NOT EXISTS (SELECT 1 FROM keys WHERE id = NEW.key_id)
  OR EXISTS (SELECT 1 FROM revocations WHERE key_id = NEW.key_id)
BEGIN SELECT RAISE(ABORT, 'a key that exists is revoked, once'); END;

CREATE TRIGGER revocations_not_updated BEFORE UPDATE ON revocations
BEGIN SELECT RAISE(ABORT, 'revocations are immutable'); END;

CREATE TRIGGER revocations_not_deleted BEFORE DELETE ON revocations
BEGIN SELECT RAISE(ABORT, 'revocations are never deleted'); END;
`;var transfer_log_default=`-- One shard of the transfer log. All times are milliseconds since the epoch.

-- Which shard this is. Written once; the shard refuses to work under another number of shards.
CREATE TABLE identity (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  class TEXT NOT NULL,
  shard INTEGER NOT NULL,
  shards INTEGER NOT NULL
) STRICT;

CREATE TRIGGER identity_written_once BEFORE INSERT ON identity
WHEN EXISTS (SELECT 1 FROM identity)
BEGIN SELECT RAISE(ABORT, 'identity is written once'); END;

CREATE TRIGGER identity_not_updated BEFORE UPDATE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

CREATE TRIGGER identity_not_deleted BEFORE DELETE ON identity
BEGIN SELECT RAISE(ABORT, 'identity is immutable'); END;

-- The saga log and the record of idempotency: one row for each transaction, never deleted.
-- open = 1 until every account has acknowledged the decision; 0: done. 2 is for what is settled and
-- has still to be told to others.
CREATE TABLE transactions (
  open INTEGER NOT NULL CHECK (open IN (0, 1, 2)),
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'committed', 'rejected')),
  -- JSON: the request with its defaults resolved, less description and metadata.
  request TEXT NOT NULL,
  -- JSON: description and metadata; dropped from rejected transactions after 30 days.
  details TEXT,
  -- JSON list: all that moves, the sender's first. Each line is [account, counterparty, bucket,
  -- direction, currency, amount].
  lines TEXT NOT NULL,
  -- The wording in which this transaction is answered, for ever.
  renderer INTEGER NOT NULL,
  -- JSON: why it was rejected.
  refusal TEXT,
  -- Who asked for it: the id of a principal.
  principal TEXT NOT NULL,
  -- Whose request created it; only ever logged.
  request_id TEXT NOT NULL,
  -- Which HTTP request created it: a number that the edge draws for each one, so that its own
  -- repeat of a call is told from a client's replay.
  nonce TEXT,
  created_at INTEGER NOT NULL,
  -- When it may no longer commit; NULL for one that may take as long as it takes.
  deadline INTEGER,
  decided_at INTEGER,
  settled_at INTEGER,
  -- What anchors the hash chains of the accounts outside of their own files: JSON list, in the
  -- order of the legs, of the beginnings of the hashes of their last entries, null where an account
  -- told none. NULL in rows that were rejected or are not settled.
  anchors TEXT,
  -- Attempts that ended without settling, and when the alarm makes the next one.
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  stuck INTEGER NOT NULL CHECK (stuck IN (0, 1)),
  CHECK ((state = 'preparing') = (decided_at IS NULL)),
  CHECK ((state = 'rejected') = (refusal IS NOT NULL)),
  CHECK ((open = 1) = (settled_at IS NULL)),
  CHECK (settled_at IS NULL OR decided_at IS NOT NULL),
  PRIMARY KEY (open, id)
) STRICT, WITHOUT ROWID;

-- What the clean-up looks for: holds rejected transactions only, and only until they are cleaned.
CREATE INDEX transactions_to_clean ON transactions (settled_at)
WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL;

CREATE TRIGGER transactions_recorded_once BEFORE INSERT ON transactions
WHEN NEW.open <> 1 OR NEW.state <> 'preparing'
  OR EXISTS (SELECT 1 FROM transactions WHERE open IN (0, 1, 2) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a transaction starts preparing, once'); END;

-- A statement that names a column that never changes is refused without comparing what it holds.
CREATE TRIGGER transactions_content_fixed
BEFORE UPDATE OF id, tenant, fingerprint, request, lines, renderer, principal, request_id, nonce,
  created_at, deadline ON transactions
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;

CREATE TRIGGER transactions_decided_once
BEFORE UPDATE OF state, refusal, decided_at ON transactions
WHEN OLD.state <> 'preparing'
BEGIN SELECT RAISE(ABORT, 'what was decided does not change'); END;

CREATE TRIGGER transactions_settled_once
BEFORE UPDATE OF open, settled_at, anchors ON transactions
WHEN NOT (
  OLD.open = 1
  OR (OLD.open = 2 AND NEW.open = 0
    AND NEW.settled_at IS OLD.settled_at AND NEW.anchors IS OLD.anchors)
)
BEGIN SELECT RAISE(ABORT, 'what is settled does not change'); END;

CREATE TRIGGER transactions_details_kept BEFORE UPDATE OF details ON transactions
WHEN NOT (OLD.state = 'rejected' AND OLD.open <> 1 AND NEW.details IS NULL)
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;

CREATE TRIGGER transactions_not_deleted BEFORE DELETE ON transactions
BEGIN SELECT RAISE(ABORT, 'transactions are never deleted'); END;

-- Authorizations that are still to expire: written with the decision, gone when they have an end.
CREATE TABLE expirations (
  expires_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (expires_at, id)
) STRICT, WITHOUT ROWID;

-- Batches: the dedupe index of their keys. Their items are transactions of this shard.
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  created_at INTEGER NOT NULL,
  nonce TEXT
) STRICT, WITHOUT ROWID;

CREATE TRIGGER batches_recorded_once BEFORE INSERT ON batches
WHEN EXISTS (SELECT 1 FROM batches WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a batch is recorded once'); END;

CREATE TRIGGER batches_not_updated BEFORE UPDATE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are immutable'); END;

CREATE TRIGGER batches_not_deleted BEFORE DELETE ON batches
BEGIN SELECT RAISE(ABORT, 'batches are never deleted'); END;

-- The scrub of this shard: how far it is, who asked for it, and what it found.

-- One row, rewritten by every batch.
CREATE TABLE scrub (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Rounds that have begun.
  round INTEGER NOT NULL,
  -- The last transaction that the running round is done with; NULL between rounds.
  cursor TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  batch_at INTEGER,
  next_at INTEGER NOT NULL,
  -- Attempts at the present batch that left accounts unasked.
  tries INTEGER NOT NULL,
  -- Of the latest round: transactions that are checked, and that were left out.
  checked INTEGER NOT NULL,
  skipped INTEGER NOT NULL
) STRICT;

CREATE TRIGGER scrub_not_deleted BEFORE DELETE ON scrub
BEGIN SELECT RAISE(ABORT, 'the progress of the scrub is kept'); END;

-- Commands to begin a round: the dedupe index of their keys.
CREATE TABLE scrub_requests (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  principal TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  -- Of the HTTP request that gave the command: its own repeats are no replays.
  nonce TEXT
) STRICT, WITHOUT ROWID;

CREATE TRIGGER scrub_requests_once BEFORE INSERT ON scrub_requests
WHEN EXISTS (SELECT 1 FROM scrub_requests WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a command is recorded once'); END;

CREATE TRIGGER scrub_requests_not_updated BEFORE UPDATE ON scrub_requests
BEGIN SELECT RAISE(ABORT, 'commands are immutable'); END;

CREATE TRIGGER scrub_requests_not_deleted BEFORE DELETE ON scrub_requests
BEGIN SELECT RAISE(ABORT, 'commands are never deleted'); END;

-- What was found: each difference once, with the rounds that saw it first and last.
CREATE TABLE scrub_differences (
  tenant TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  -- As in the transaction's lines; empty where the transaction's own row is wrong.
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  first_found_at INTEGER NOT NULL,
  last_found_at INTEGER NOT NULL,
  last_round INTEGER NOT NULL,
  PRIMARY KEY (tenant, transaction_id, account, kind)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER scrub_differences_once BEFORE INSERT ON scrub_differences
WHEN EXISTS (
  SELECT 1 FROM scrub_differences
  WHERE tenant = NEW.tenant AND transaction_id = NEW.transaction_id
    AND account = NEW.account AND kind = NEW.kind
)
BEGIN SELECT RAISE(ABORT, 'a difference is recorded once'); END;

CREATE TRIGGER scrub_differences_fixed
BEFORE UPDATE OF tenant, transaction_id, account, kind, first_found_at ON scrub_differences
BEGIN SELECT RAISE(ABORT, 'a difference that was found does not change'); END;

CREATE TRIGGER scrub_differences_not_deleted BEFORE DELETE ON scrub_differences
BEGIN SELECT RAISE(ABORT, 'differences are never deleted'); END;
`;var wallet_default=`-- What only wallets have: who they belong to, freezes, checkpoints. All times are milliseconds
-- since the epoch.

-- The user whose wallet this is. Version 1 is the opening, and its idempotency record.
CREATE TABLE profiles (
  version INTEGER PRIMARY KEY CHECK (version > 0),
  fingerprint TEXT,
  name TEXT,
  email TEXT,
  -- JSON object of strings.
  metadata TEXT,
  external_id TEXT,
  -- The wording in which it is answered, for ever.
  renderer INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- Of the HTTP request that asked for it: its own repeats are no replays.
  nonce TEXT,
  -- Set when a user is erased: what is personal is gone then.
  erased_at INTEGER,
  CHECK ((erased_at IS NULL) = (name IS NOT NULL)),
  CHECK ((erased_at IS NULL) = (fingerprint IS NOT NULL)),
  CHECK (erased_at IS NULL
    OR (email IS NULL AND metadata IS NULL AND external_id IS NULL))
) STRICT;

CREATE TRIGGER profiles_appended BEFORE INSERT ON profiles
WHEN NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM profiles)
  OR NEW.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'versions of a profile are appended'); END;

-- The one permitted update takes everything personal away, and only that.
CREATE TRIGGER profiles_only_erased BEFORE UPDATE ON profiles
WHEN OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL
  OR NEW.version IS NOT OLD.version
  OR NEW.renderer IS NOT OLD.renderer
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.nonce IS NOT OLD.nonce
BEGIN SELECT RAISE(ABORT, 'a version of a profile is immutable, but for its erasure'); END;

CREATE TRIGGER profiles_not_deleted BEFORE DELETE ON profiles
BEGIN SELECT RAISE(ABORT, 'versions of a profile are never deleted'); END;

-- What may enter or leave: the newest row counts, no row means that nothing is frozen. Each is also
-- the idempotency record of the request that asked for it.
CREATE TABLE freezes (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  freeze_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('debits', 'credits', 'all', 'none')),
  reason TEXT NOT NULL,
  principal TEXT NOT NULL,
  renderer INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  nonce TEXT
) STRICT;

-- A unique index would cost a row with every freeze.
CREATE TRIGGER freezes_appended BEFORE INSERT ON freezes
WHEN EXISTS (SELECT 1 FROM freezes WHERE id >= NEW.id OR freeze_id = NEW.freeze_id)
BEGIN SELECT RAISE(ABORT, 'freezes are appended, each once'); END;

CREATE TRIGGER freezes_not_updated BEFORE UPDATE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are immutable'); END;

CREATE TRIGGER freezes_not_deleted BEFORE DELETE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are never deleted'); END;

-- What the ledger adds up to after entry 64, 128, ...: shortens sums, and nothing else. Deleting
-- all of them changes no answer.
CREATE TABLE checkpoints (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  -- JSON object by currency: {"available": net, "reserved": net, "debited": "all debits of what was
  -- available that limits count, in decimal"}.
  sums TEXT NOT NULL,
  -- The newest decision so far, and the longest time from a decision to its posting.
  decided_at INTEGER NOT NULL,
  lag INTEGER NOT NULL CHECK (lag >= 0)
) STRICT;

CREATE TRIGGER checkpoints_appended BEFORE INSERT ON checkpoints
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM entries)
  OR EXISTS (SELECT 1 FROM checkpoints WHERE sequence >= NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a checkpoint follows the entry it is written with'); END;

CREATE TRIGGER checkpoints_not_updated BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are immutable'); END;

-- What every sum is derived from, in one place. A checkpoint beyond the last entry is damage, and
-- counts for nothing.
CREATE VIEW sound_checkpoints AS
SELECT * FROM checkpoints WHERE sequence <= (SELECT max(sequence) FROM entries);

CREATE VIEW movements AS
SELECT sequence, currency, bucket, direction, type, decided_at, created_at,
  CASE direction WHEN 'credit' THEN amount ELSE -amount END AS amount
FROM entries;
`;var account={id:"account/0001_account",sql:account_default},walletMigrations=[account,{id:"wallet/0001_wallet",sql:wallet_default}],externalAccountMigrations=[account],transferLogMigrations=[{id:"tran\
sfer-log/0001_transfer_log",sql:transfer_log_default}],keyRingMigrations=[{id:"key-ring/0001_keys",sql:keys_default}];var amountMax=Number.MAX_SAFE_INTEGER,splitPostingsMax=20;var linesMax=2*splitPostingsMax,shardCount=256,keyShardCount=16;var clockDriftMaxMs=5e3,decisionAheadMaxMs=3e4;var openLegsMax=256,reversalsMax=256,checkpointInterval=64,preparingMaxMs=3e4,expiresInMinSeconds=60,expiresInMaxSeconds=2678400,expiresInDefaultSeconds=604800,answerWaitMaxMs=5e3,callMaxMs=5e3,attemptMaxMs=1e4,
otherVotesMaxMs=1e3,attemptsUntilStuck=20,alarmBatchMax=50,cleanBatchMax=100,transactionsInProgressMax=256;var logBytesMax=9e9,rejectedDetailsMaxMs=720*60*60*1e3,scrubIntervalMs=10080*60*1e3,scrubSpacingMs=6e4,scrubBatchMax=100,scrubAccountsAtOnce=16,scrubBatchMaxMs=1e4,scrubTriesMax=5,scrubDifferencesShownMax=20,
auditBatchMax=500,readPassesMax=4,historyScanMax=5e3;var unsettledPerShardMax=100,bodyBytesMax=80*1024,bodyDrainBytesMax=4*1024*1024;var metadataBytesMax=16*1024;function isBytes(a){return a instanceof Uint8Array||ArrayBuffer.isView(a)&&a.constructor.name==="Uint8Array"&&"BYTES_PER_ELEMENT"in a&&a.BYTES_PER_ELEMENT===1}function abytes(value,length,title=""){let bytes=isBytes(value),len=value?.length,needsLen=length!==void 0;if(!bytes||needsLen&&len!==length){let prefix=title&&`"${title}" `,ofLen=needsLen?` of length\
 ${length}`:"",got=bytes?`length=${len}`:`type=${typeof value}`,message=prefix+"expected Uint8Array"+ofLen+", got "+got;throw bytes?new RangeError(message):new TypeError(message)}return value}function aexists(instance,checkFinished=!0){if(instance.destroyed)throw new Error("Hash instance has been destroyed");if(checkFinished&&instance.finished)throw new Error("Hash#digest() has already bee\
n called")}function aoutput(out,instance){abytes(out,void 0,"digestInto() output");let min=instance.outputLen;if(out.length<min)throw new RangeError('"digestInto() output" expected to be of length >='+
min)}function clean(...arrays){for(let i=0;i<arrays.length;i++)arrays[i].fill(0)}function createView(arr){return new DataView(arr.buffer,arr.byteOffset,arr.byteLength)}function rotr(word,shift){return word<<
32-shift|word>>>shift}var hasHexBuiltin=typeof Uint8Array.from([]).toHex=="function"&&typeof Uint8Array.fromHex=="function",hexes=Array.from({length:256},(_,i)=>i.toString(16).padStart(2,"0"));function bytesToHex(bytes){if(abytes(
bytes),hasHexBuiltin)return bytes.toHex();let hex="";for(let i=0;i<bytes.length;i++)hex+=hexes[bytes[i]];return hex}function createHasher(hashCons,info={}){let hashC=(msg,opts)=>hashCons(opts).update(msg).digest(),tmp=hashCons(void 0);return hashC.outputLen=tmp.outputLen,hashC.blockLen=tmp.blockLen,hashC.canXOF=tmp.
canXOF,hashC.create=opts=>hashCons(opts),Object.assign(hashC,info),Object.freeze(hashC)}var oidNist=suffix=>({oid:Uint8Array.from([6,9,96,134,72,1,101,3,4,2,suffix])});function Chi(a,b,c){return a&b^~a&c}function Maj(a,b,c){return a&b^a&c^b&c}var HashMD=class{blockLen;outputLen;canXOF=!1;padOffset;isLE;buffer;view;finished=!1;length=0;pos=0;destroyed=!1;constructor(blockLen,outputLen,padOffset,isLE){
this.blockLen=blockLen,this.outputLen=outputLen,this.padOffset=padOffset,this.isLE=isLE,this.buffer=new Uint8Array(blockLen),this.view=createView(this.buffer)}update(data){aexists(this),abytes(data);let{
view,buffer,blockLen}=this,len=data.length;for(let pos=0;pos<len;){let take=Math.min(blockLen-this.pos,len-pos);if(take===blockLen){let dataView=createView(data);for(;blockLen<=len-pos;pos+=blockLen)this.
process(dataView,pos);continue}buffer.set(data.subarray(pos,pos+take),this.pos),this.pos+=take,pos+=take,this.pos===blockLen&&(this.process(view,0),this.pos=0)}return this.length+=data.length,this.roundClean(),
this}digestInto(out){aexists(this),aoutput(out,this),this.finished=!0;let{buffer,view,blockLen,isLE}=this,{pos}=this;buffer[pos++]=128,clean(this.buffer.subarray(pos)),this.padOffset>blockLen-pos&&(this.
process(view,0),pos=0);for(let i=pos;i<blockLen;i++)buffer[i]=0;view.setBigUint64(blockLen-8,BigInt(this.length*8),isLE),this.process(view,0);let oview=createView(out),len=this.outputLen;if(len%4)throw new Error(
"_sha2: outputLen must be aligned to 32bit");let outLen=len/4,state=this.get();if(outLen>state.length)throw new Error("_sha2: outputLen bigger than state");for(let i=0;i<outLen;i++)oview.setUint32(4*i,
state[i],isLE)}digest(){let{buffer,outputLen}=this;this.digestInto(buffer);let res=buffer.slice(0,outputLen);return this.destroy(),res}_cloneInto(to){to||=new this.constructor,to.set(...this.get());let{
blockLen,buffer,length,finished,destroyed,pos}=this;return to.destroyed=destroyed,to.finished=finished,to.length=length,to.pos=pos,length%blockLen&&to.buffer.set(buffer),to}clone(){return this._cloneInto()}},
SHA256_IV=Uint32Array.from([1779033703,3144134277,1013904242,2773480762,1359893119,2600822924,528734635,1541459225]);var SHA256_K=Uint32Array.from([1116352408,1899447441,3049323471,3921009573,961987163,1508970993,2453635748,2870763221,3624381080,310598401,607225278,1426881987,1925078388,2162078206,2614888103,3248222580,
3835390401,4022224774,264347078,604807628,770255983,1249150122,1555081692,1996064986,2554220882,2821834349,2952996808,3210313671,3336571891,3584528711,113926993,338241895,666307205,773529912,1294757372,
1396182291,1695183700,1986661051,2177026350,2456956037,2730485921,2820302411,3259730800,3345764771,3516065817,3600352804,4094571909,275423344,430227734,506948616,659060556,883997877,958139571,1322822218,
1537002063,1747873779,1955562222,2024104815,2227730452,2361852424,2428436474,2756734187,3204031479,3329325298]),SHA256_W=new Uint32Array(64),SHA2_32B=class extends HashMD{constructor(outputLen){super(
64,outputLen,8,!1)}get(){let{A,B,C,D,E,F,G,H}=this;return[A,B,C,D,E,F,G,H]}set(A,B,C,D,E,F,G,H){this.A=A|0,this.B=B|0,this.C=C|0,this.D=D|0,this.E=E|0,this.F=F|0,this.G=G|0,this.H=H|0}process(view,offset){
for(let i=0;i<16;i++,offset+=4)SHA256_W[i]=view.getUint32(offset,!1);for(let i=16;i<64;i++){let W15=SHA256_W[i-15],W2=SHA256_W[i-2],s0=rotr(W15,7)^rotr(W15,18)^W15>>>3,s1=rotr(W2,17)^rotr(W2,19)^W2>>>
10;SHA256_W[i]=s1+SHA256_W[i-7]+s0+SHA256_W[i-16]|0}let{A,B,C,D,E,F,G,H}=this;for(let i=0;i<64;i++){let sigma1=rotr(E,6)^rotr(E,11)^rotr(E,25),T1=H+sigma1+Chi(E,F,G)+SHA256_K[i]+SHA256_W[i]|0,T2=(rotr(
A,2)^rotr(A,13)^rotr(A,22))+Maj(A,B,C)|0;H=G,G=F,F=E,E=D+T1|0,D=C,C=B,B=A,A=T1+T2|0}A=A+this.A|0,B=B+this.B|0,C=C+this.C|0,D=D+this.D|0,E=E+this.E|0,F=F+this.F|0,G=G+this.G|0,H=H+this.H|0,this.set(A,B,
C,D,E,F,G,H)}roundClean(){clean(SHA256_W)}destroy(){this.destroyed=!0,this.set(0,0,0,0,0,0,0,0),clean(this.buffer)}},_SHA256=class extends SHA2_32B{A=SHA256_IV[0]|0;B=SHA256_IV[1]|0;C=SHA256_IV[2]|0;D=SHA256_IV[3]|
0;E=SHA256_IV[4]|0;F=SHA256_IV[5]|0;G=SHA256_IV[6]|0;H=SHA256_IV[7]|0;constructor(){super(32)}};var sha256=createHasher(()=>new _SHA256,oidNist(1));var utf8=new TextEncoder;function encodeTuple(fields){let encoded="";for(let field of fields)if(field===null)encoded+="-";else{let text=String(field);encoded+=`${utf8.encode(text).length}:${text}`}return encoded}
function digestTuple(fields){return bytesToHex(sha256(utf8.encode(encodeTuple(fields))))}var chainVersion="entry2",genesisVersion="genesis1",textVersion="text1";function genesisHash(tenant,address){return digestTuple([genesisVersion,address.class,tenant,address.id])}function encodeEntryMetadata(metadata){
return metadata===void 0?null:JSON.stringify(metadata)}function textDigest({description,metadata}){return description===void 0&&metadata===void 0?null:digestTuple([textVersion,description??null,encodeEntryMetadata(
metadata)])}function entryHash(entry){let canonical=encodeTuple([chainVersion,entry.sequence,entry.transactionId,entry.line,entry.type,entry.bucket,entry.direction,entry.amount,entry.currency,entry.counterparty,
entry.origin??null,entry.provider??null,entry.paymentReference??null,entry.payoutReference??null,textDigest(entry),entry.decidedAt,entry.createdAt]);return digestTuple([entry.previousHash,canonical])}
function anchorOf(hash){return hash.slice(0,32)}function shownOf(posting,decidedAt){let{fingerprint:_fingerprint,lines,claims:_claims,origin,...texts}=posting;return lines.map((line,index)=>({...texts,
...line,...origin&&{origin:origin.transactionId},line:index+1,decidedAt}))}function nextEntries(head,posting,{decidedAt,now}){let createdAt=Math.max(now,head.createdAt,decidedAt),{sequence,hash:previousHash}=head;
return shownOf(posting,decidedAt).map(shown=>{let content={...shown,sequence:++sequence,createdAt,previousHash};return previousHash=entryHash(content),{...content,hash:previousHash}})}var version="1",alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ",idEnding="[0-9A-HJKMNP-TV-Z]{26}",idPattern=new RegExp(`^${idEnding}$`);function toCrockford(bits,length){let rest=bits,text="";for(let index=0;index<
length;index++)text=alphabet.charAt(Number(rest&31n))+text,rest>>=5n;return text}function expiryIdFor(tenant,transactionId){let digest=digestTuple([version,tenant,"expiries",transactionId]),own=BigInt(`0x${digest.slice(0,32)}`)>>6n;return`txn_${toCrockford(BigInt(logShardOf(transactionId))<<
122n|own,26)}`}function isTransactionId(text){return text.startsWith("txn_")&&idPattern.test(text.slice(4))}function isFreezeId(text){return text.startsWith("frz_")&&idPattern.test(text.slice(4))}function logShardOf(transactionId){let first=alphabet.indexOf(transactionId.charAt(4)),second=alphabet.indexOf(transactionId.
charAt(5));return first<<3|second>>2}function placeInShard(transactionId){let digits=Array.from(transactionId.slice(5,9),digit=>alphabet.indexOf(digit));return digits.length<4||digits.includes(-1)?0:digits.
reduce((sum,digit,index)=>index===0?digit&3:sum*32+digit,0)/(4*32**3)}function externalShardOf(tenant,provider,reference){return Number.parseInt(digestTuple([version,tenant,provider,reference]).slice(
0,2),16)}function shardName(shard){if(!Number.isInteger(shard)||shard<0||shard>=shardCount)throw new Error(`no such shard: ${shard}`);return shard.toString(16).padStart(2,"0")}function walletAddress(walletId){
return{class:"wallet",id:walletId}}function externalAddress(tenant,provider,reference){return externalShardAddress(externalShardOf(tenant,provider,reference))}function externalShardAddress(shard){return{
class:"external-account",id:`external-${shardName(shard)}`}}function accountObjectName(tenant,address){return digestTuple([version,address.class,tenant,address.id])}function logObjectName(shard){return`\
transfer-log-${shardName(shard)}`}function keyShardOf(keyId){return alphabet.indexOf(keyId.charAt(4))>>1}function keyRingObjectName(shard){if(!Number.isInteger(shard)||shard<0||shard>=keyShardCount)throw new Error(
`no such key ring: ${shard}`);return`key-ring-${shard.toString(16)}`}function workLog(log,requestId2){return(level,line)=>log(level,Object.assign({event:line.event,requestId:requestId2},line))}var textMax=300,sensitive=/(authorization|bearer|cookie|password|secret|token|api[_-]?key)(["'\s:=]+)[^\s"',;]+/gi,
quoted=/".*"/gs;function redact(text){return text.replace(quoted,'"..."').replace(sensitive,"$1$2[redacted]").slice(0,textMax)}function describeError(error){return redact(error instanceof Error?`${error.
name}: ${error.message}`:String(error))}function isAmount(value){return Number.isSafeInteger(value)&&value>=1}function add(left,right){let sum=left+right;if(!Number.isSafeInteger(sum))throw new Error("money out of the exact range");return sum}
function hasHeadroom(balance,incoming,amount){return amount<=amountMax-balance-incoming}function signed(direction,amount){return direction==="credit"?amount:-amount}var isText=value=>typeof value=="string",isName=value=>typeof value=="string"&&value!=="",isMoney=value=>typeof value=="number"&&isAmount(value);function isOneOf(...values){return value=>typeof value==
"string"&&values.includes(value)}function isInteger(min,max){return value=>Number.isSafeInteger(value)&&Number(value)>=min&&Number(value)<=max}var isTime=Number.isSafeInteger;function isOptional(check){return value=>value===void 0||check(value)}function isListOf(check){return value=>Array.isArray(value)&&value.length>0&&value.every(check)}function isObject(value){return typeof value==
"object"&&value!==null&&!Array.isArray(value)}var isPairs=value=>isObject(value)&&Object.values(value).every(isText);function has(fields){let checks=Object.entries(fields);return value=>isObject(value)&&
checks.every(([name,check])=>check(value[name]))}function referenceOf(payment){return"paymentReference"in payment?payment.paymentReference:payment.payoutReference}var storedTexts={description:isOptional(isText),metadata:isOptional(isPairs)},storedDetails={
amount:isMoney,currency:isName,...storedTexts};function isType(type){return value=>value===type}var defaultProvider="default";function externalAccount(provider){return`external:${provider}`}function paymentClaim({
provider,paymentReference}){return{key:`payment:${provider}:${paymentReference}`,amount:1,refusal:"duplicate_payment_reference"}}function payoutClaim({provider,payoutReference}){return{key:`payout:${provider}\
:${payoutReference}`,amount:1,refusal:"duplicate_payout_reference"}}function claimOf(payment){return"paymentReference"in payment?paymentClaim(payment):payoutClaim(payment)}var originPrefix="origin:";function originKey(transactionId){
return originPrefix+transactionId}function originId(key){return key.startsWith(originPrefix)?key.slice(originPrefix.length):void 0}function providerOf(key){return key.match(/^(?:payment|payout):([^:]*):/)?.[1]}
function linesBetween(from,to,{amount,currency}){let money={bucket:"available",amount,currency};return[{account:from,direction:"debit",counterparty:to,...money},{account:to,direction:"credit",counterparty:from,
...money}]}var authorizedFields={transactionId:isName,fromWalletId:isName,toWalletId:isName,amount:isMoney,currency:isName,expiresAt:isTime};function authorizedOf(transactionId,{fromWalletId,toWalletId,amount,currency,
expiresIn},createdAt){let expiresAt=createdAt+expiresIn*1e3;return{transactionId,fromWalletId,toWalletId,amount,currency,expiresAt}}function ownLine({fromWalletId:account2,currency},line){return{account:account2,currency,counterparty:account2,...line}}function endOf({transactionId,fromWalletId:account2,amount},lines){let key=originKey(
transactionId);return{lines,claims:[{account:account2,key,amount,refusal:"authorization_rejected"}],origin:{transactionId,refusal:"authorization_rejected",accounts:[account2]}}}function givingBack(authorization2){
let{amount}=authorization2;return endOf(authorization2,[ownLine(authorization2,{bucket:"reserved",direction:"debit",amount}),ownLine(authorization2,{bucket:"available",direction:"credit",amount})])}var authorization={
type:"authorization",refusals:["wallet_not_found","insufficient_funds","transaction_expired"],countsAsSpending:!0,storedFields:{type:isType("authorization"),fromWalletId:isName,toWalletId:isName,expiresIn:isInteger(
expiresInMinSeconds,expiresInMaxSeconds),...storedDetails},resolve:(sent,defaultCurrency)=>({...sent,currency:sent.currency??defaultCurrency,expiresIn:sent.expiresIn??expiresInDefaultSeconds}),fingerprintFields:({
fromWalletId,toWalletId,amount,currency,expiresIn})=>[fromWalletId,toWalletId,amount,currency??null,null,null,expiresIn??null],movementOf:request=>({lines:[ownLine(request,{bucket:"available",direction:"\
debit",amount:request.amount}),ownLine(request,{bucket:"reserved",direction:"credit",amount:request.amount})],claims:[]}),externalPaymentOf:()=>{},reversibleAmounts:()=>[],expirationOf(transactionId,request,createdAt){
let authorized=authorizedOf(transactionId,request,createdAt);return{at:authorized.expiresAt,request:{type:"expiry",authorization:authorized}}}};var cancellation={type:"cancellation",refusals:["wallet_not_found","authorization_rejected","authorization_captured","authorization_cancelled","authorization_expired","transaction_expired"],countsAsSpending:!1,
endsAs:"authorization_cancelled",storedFields:{type:isType("cancellation"),authorization:has(authorizedFields),...storedTexts},resolve:sent=>sent,fingerprintFields:({authorization:authorization2})=>[authorization2.
transactionId],movementOf:({authorization:authorization2})=>givingBack(authorization2),externalPaymentOf:()=>{},reversibleAmounts:()=>[]};var capture={type:"capture",refusals:["wallet_not_found","wallet_frozen","authorization_rejected","authorization_captured","authorization_cancelled","authorization_expired","balance_limit_exceeded","t\
ransaction_expired"],countsAsSpending:!1,endsAs:"authorization_captured",storedFields:{type:isType("capture"),authorization:has(authorizedFields),amount:isMoney,...storedTexts},resolve:sent=>({...sent,
amount:sent.amount??sent.authorization.amount}),fingerprintFields:({authorization:authorization2,amount})=>[authorization2.transactionId,amount??null],movementOf({authorization:authorization2,amount}){
let{fromWalletId,toWalletId,amount:authorized,currency}=authorization2,[,credit]=linesBetween(fromWalletId,toWalletId,{amount,currency}),rest=authorized-amount;return endOf(authorization2,[{...ownLine(
authorization2,{bucket:"reserved",direction:"debit",amount:authorized}),counterparty:toWalletId},credit,...rest>0?[ownLine(authorization2,{bucket:"available",direction:"credit",amount:rest})]:[]])},externalPaymentOf:()=>{},
reversibleAmounts:({authorization:authorization2,amount})=>[{from:authorization2.fromWalletId,to:authorization2.toWalletId,amount,currency:authorization2.currency}],deadlineOf:({authorization:authorization2},usual)=>Math.
min(usual,authorization2.expiresAt)};var expiry={type:"expiry",refusals:["authorization_captured","authorization_cancelled"],countsAsSpending:!1,endsAs:"authorization_expired",storedFields:{type:isType("expiry"),authorization:has(authorizedFields),
...storedTexts},resolve:sent=>sent,fingerprintFields:({authorization:authorization2})=>[authorization2.transactionId],movementOf:({authorization:authorization2})=>givingBack(authorization2),externalPaymentOf:()=>{},
reversibleAmounts:()=>[],deadlineOf:()=>{}};var funding={type:"funding",refusals:["wallet_not_found","duplicate_payment_reference","balance_limit_exceeded","transaction_expired"],countsAsSpending:!0,storedFields:{type:isType("funding"),walletId:isName,
provider:isName,paymentReference:isName,...storedDetails},resolve:(sent,defaultCurrency)=>({...sent,currency:sent.currency??defaultCurrency,provider:sent.provider??defaultProvider}),fingerprintFields:({
walletId,amount,currency,provider,paymentReference})=>[walletId,null,amount,currency??null,provider??null,paymentReference],movementOf(request){let outside=externalAccount(request.provider);return{lines:linesBetween(
outside,request.walletId,request),claims:[{account:outside,...paymentClaim(request)}]}},externalPaymentOf:({provider,paymentReference})=>({provider,paymentReference}),reversibleAmounts:({provider,walletId,
amount,currency})=>[{from:externalAccount(provider),to:walletId,amount,currency}]};function toTuple({bucket,direction,currency,amount}){return[bucket,direction,currency,amount]}function toLine([bucket,direction,currency,amount]){return{bucket,direction,currency,amount}}function toAccountTuple(line){
return[line.account,line.counterparty,...toTuple(line)]}function toAccountLine([account2,counterparty,...line]){return{account:account2,counterparty,...toLine(line)}}function isOutside(account2){return!account2.
startsWith("wal_")}function isSameLine(one,other){return one.bucket===other?.bucket&&one.direction===other.direction&&one.amount===other.amount&&one.currency===other.currency}function areSameLines(some,others){
return some.length===others.length&&some.every((line,index)=>isSameLine(line,others[index]))}function flawOf(lines){if(lines.length<2)return"too_few";let net=new Map,piles=new Map,outside=new Set;for(let{
account:account2,bucket,direction,amount,currency}of lines){let exact=BigInt(amount);net.set(currency,(net.get(currency)??0n)+(direction==="credit"?exact:-exact));let name=JSON.stringify([account2,bucket,
currency]),pile=piles.get(name)??{direction,sum:0n};if(pile.direction!==direction)return"both_directions";if(pile.sum+=exact,pile.sum>BigInt(amountMax))return"sum_out_of_range";if(piles.set(name,pile),
!!isOutside(account2)){if(bucket!=="available")return"outside_reserved";outside.add(`${account2} ${direction}`)}}return outside.size>1?"outside_twice":[...net.values()].some(sum=>sum!==0n)?"unbalanced":
void 0}function debitsFirst(lines){let inDirection=wanted=>lines.filter(({direction})=>direction===wanted);return[...inDirection("debit"),...inDirection("credit")]}function isBefore(one,other){return isOutside(one)!==isOutside(other)?isOutside(other):one<other}function receiptOf(moved){let[some]=moved;if(!some)return;let account2=moved.reduce((first,{to})=>isBefore(
to,first)?to:first,some.to),own=moved.filter(({to})=>to===account2),counted=own.filter(({currency})=>currency===own[0]?.currency);return{account:account2,amount:counted.reduce((sum,{amount})=>sum+amount,
0)}}function isReversible(moved,amount){return amount===void 0?moved.length>0:moved.length===1}function takenBack({moved,amount}){if(!isReversible(moved,amount))throw new Error("no transaction is reve\
rsed like this");return moved.map(one=>({...one,amount:amount??one.amount}))}var reversal={type:"reversal",refusals:["wallet_not_found","wallet_frozen","original_rejected","reversal_exceeds_original",
"too_many_reversals","insufficient_funds","balance_limit_exceeded","transaction_expired"],countsAsSpending:!1,storedFields:{type:isType("reversal"),transactionId:isName,moved:isListOf(has({from:isName,
to:isName,amount:isMoney,currency:isName})),provider:isOptional(isName),paymentReference:isOptional(isName),payoutReference:isOptional(isName),amount:isOptional(isMoney),...storedTexts},resolve(sent){
let[only,...others]=sent.moved,amount=sent.amount??(others.length===0?only?.amount:void 0);return{...sent,...amount!==void 0&&{amount}}},fingerprintFields:({transactionId,amount})=>[transactionId,amount??
null],movementOf(request){let{transactionId}=request,amounts=takenBack(request),lines=amounts.flatMap(one=>linesBetween(one.to,one.from,one)),receipt=receiptOf(amounts);if(!receipt)throw new Error("a \
reversal moves something");return{lines,claims:[{...receipt,key:originKey(transactionId),refusal:"reversal_exceeds_original"}],origin:{transactionId,refusal:"original_rejected",accounts:[...new Set(lines.
map(({account:account2})=>account2))]}}},externalPaymentOf:paymentOf,reversibleAmounts:()=>[]};function paymentOf({provider,paymentReference,payoutReference}){if(provider!==void 0)return paymentReference!==
void 0?{provider,paymentReference}:payoutReference===void 0?void 0:{provider,payoutReference}}var outsideWorld="external";function amountsOf(postings,outside){let account2=named=>named===outsideWorld?outside:named;return postings.map(({from,to,amount,currency})=>({from:account2(from),to:account2(
to),amount,currency}))}function linesOfPostings(postings,outside){return amountsOf(postings,outside).flatMap(one=>linesBetween(one.from,one.to,one))}function comesFromOutside({postings}){return postings.some(({from})=>from===outsideWorld)}function goesOutside({postings}){return postings.some(({to})=>to===outsideWorld)}function paymentOf2(request){
let{provider,paymentReference,payoutReference}=request;if(provider!==void 0)return paymentReference!==void 0?{provider,paymentReference}:payoutReference===void 0?void 0:{provider,payoutReference}}function hasItsReferences(request){
let{paymentReference,payoutReference}=request;return comesFromOutside(request)===(paymentReference!==void 0)&&goesOutside(request)===(payoutReference!==void 0)}var split={type:"split",refusals:["walle\
t_not_found","wallet_frozen","duplicate_payment_reference","duplicate_payout_reference","insufficient_funds","balance_limit_exceeded","transaction_expired"],countsAsSpending:!0,storedFields:{type:isType(
"split"),postings:isListOf(has({from:isName,to:isName,amount:isMoney,currency:isName})),paymentReference:isOptional(isName),payoutReference:isOptional(isName),provider:isOptional(isName),...storedTexts},
resolve:(sent,defaultCurrency)=>({...sent,postings:sent.postings.map(posting=>({...posting,currency:posting.currency??defaultCurrency})),...(comesFromOutside(sent)||goesOutside(sent))&&{provider:sent.
provider??defaultProvider}}),fingerprintFields:({postings,provider,paymentReference,payoutReference})=>[provider??null,paymentReference??payoutReference??null,...postings.flatMap(({from,to,amount,currency})=>[
from,to,amount,currency??null])],movementOf(request){if(!hasItsReferences(request))throw new Error("a split names a payment if a posting crosses the border, and only then");let payment=paymentOf2(request);
if(!payment)return{lines:linesOfPostings(request.postings,outsideWorld),claims:[]};let outside=externalAccount(payment.provider);return{lines:linesOfPostings(request.postings,outside),claims:[{account:outside,
...claimOf(payment)}]}},externalPaymentOf:paymentOf2,reversibleAmounts(request){let payment=paymentOf2(request);return amountsOf(request.postings,payment?externalAccount(payment.provider):outsideWorld)}};var transfer={type:"transfer",refusals:["wallet_not_found","wallet_frozen","insufficient_funds","balance_limit_exceeded","transaction_expired"],countsAsSpending:!0,storedFields:{type:isType("transfer"),
fromWalletId:isName,toWalletId:isName,...storedDetails},resolve:(sent,defaultCurrency)=>({...sent,currency:sent.currency??defaultCurrency}),fingerprintFields:({fromWalletId,toWalletId,amount,currency})=>[
fromWalletId,toWalletId,amount,currency??null,null,null],movementOf:request=>({lines:linesBetween(request.fromWalletId,request.toWalletId,request),claims:[]}),externalPaymentOf:()=>{},reversibleAmounts:({
fromWalletId,toWalletId,amount,currency})=>[{from:fromWalletId,to:toWalletId,amount,currency}]};var withdrawal={type:"withdrawal",refusals:["wallet_not_found","wallet_frozen","duplicate_payout_reference","insufficient_funds","transaction_expired"],countsAsSpending:!0,storedFields:{type:isType("w\
ithdrawal"),walletId:isName,provider:isName,payoutReference:isName,...storedDetails},resolve:(sent,defaultCurrency)=>({...sent,currency:sent.currency??defaultCurrency,provider:sent.provider??defaultProvider}),
fingerprintFields:({walletId,amount,currency,provider,payoutReference})=>[walletId,null,amount,currency??null,provider??null,payoutReference],movementOf(request){let outside=externalAccount(request.provider);
return{lines:linesBetween(request.walletId,outside,request),claims:[{account:outside,...payoutClaim(request)}]}},externalPaymentOf:({provider,payoutReference})=>({provider,payoutReference}),reversibleAmounts:({
provider,walletId,amount,currency})=>[{from:walletId,to:externalAccount(provider),amount,currency}]};var operations={funding,transfer,authorization,capture,cancellation,expiry,withdrawal,split,reversal},byType=operations,operationTypes=Object.keys(operations),isOperationType=isOneOf(...operationTypes);
function operationOf({type}){if(!isOperationType(type))throw new Error(`no such operation: ${type}`);return byType[type]}var endsOfOrigins=Object.values(byType).flatMap(({endsAs})=>endsAs??[]),storedShapes=Object.
values(byType).map(one=>has(one.storedFields));var reason="claim_undecided";function capacityOf(key,origin){if(originId(key)===void 0)return 1n;if(origin===void 0||key!==originKey(origin.transactionId))return 0n;let credits=origin.lines.filter(({direction})=>direction===
"credit");return credits.filter(({currency})=>currency===credits[0]?.currency).reduce((sum,{amount})=>sum+BigInt(amount),0n)}function codeAgainst({refusal},posted){return(posted.type&&operationOf({type:posted.
type}).endsAs)??refusal}function codesOf({key,refusal}){return originId(key)===void 0?[refusal]:[refusal,...endsOfOrigins]}function measured(standing,leg){return leg.claims.flatMap((claim,index)=>{let found=standing.
claims[index];if(!found)throw new Error("a claim was not looked up");return[{claim,standing:found}]})}function exceeds({claim,standing},used){return used.reduce((total,{amount})=>total+BigInt(amount),
BigInt(claim.amount))>standing.capacity}function isPosted({posted}){return posted}var postedClaim={code:"claim",contestable:!1,objection(standing,leg){for(let one of measured(standing,leg)){let posted=one.
standing.used.filter(isPosted);if(!exceeds(one,posted))continue;let[first]=posted,{refusal:code4}=one.claim;if(!first)return{vote:"no",refusal:{code:code4,account:leg.account}};let{transactionId}=first;
return{vote:"no",refusal:{code:codeAgainst(one.claim,first),transactionId}}}}},tooManyClaims={code:"too_many_reversals",contestable:!1,objection(standing,leg){for(let{standing:{used}}of measured(standing,
leg)){let[first,...others]=used.filter(isPosted);if(!first||1+others.length<reversalsMax)continue;let{transactionId}=first;return{vote:"no",refusal:{code:"too_many_reversals",transactionId}}}}},heldClaim={
code:reason,contestable:!0,objection(standing,leg){for(let one of measured(standing,leg)){let{used}=one.standing;if(!exceeds(one,used)&&used.length<reversalsMax)continue;let held=used.filter(({posted})=>!posted);
return{vote:"busy",reason,claimants:held.map(({transactionId})=>transactionId)}}}};var entryFields=["line","type","bucket","direction","amount","currency","counterparty","origin","provider","paymentReference","payoutReference","description","decidedAt"],lineFields=["bucket","directi\
on","currency","amount"];function differingLineField(lines,others){if(lines?.length!==others.length)return"lines";let pairs=lines.map((line,index)=>[line,others[index]]);return lineFields.find(name=>pairs.
some(([line,other])=>line[name]!==other?.[name]))}var unknown={held:"unknown_hold",posted:"entry_unknown_to_log",void:"leg_unknown_to_log"};function contradictsRefusal({refusal,posting},leg,account2){
if(!refusal||refusal.code==="wallet_not_found")return!1;let isOfClaim=posting.claims.some(claim=>codesOf(claim).includes(refusal.code));return(refusal.account===account2||isOfClaim)&&leg.refusal!==JSON.
stringify(refusal)}function differingLegField(leg,{posting}){if(leg.fingerprint!==posting.fingerprint)return"fingerprint";let field=differingLineField(leg.lines,posting.lines);return field!==void 0?field:
leg.origin===(posting.origin?.transactionId??null)?void 0:"origin"}function compareLeg(before,record,after,account2){if(!record)return{kind:unknown[before.state]};let field=differingLegField(before,record);
return field?{kind:"leg_differs_from_log",field}:record.state==="committed"?(after?.state==="posted"||after?.state==="held"&&!record.settled)&&before.state!=="void"?void 0:{kind:"missing_entry"}:before.
state==="posted"||after?.state==="posted"?{kind:"entry_unknown_to_log"}:before.state==="held"?void 0:before.refusal===null&&record.state==="preparing"?{kind:"leg_differs_from_log",field:"state"}:contradictsRefusal(
record,before,account2)?{kind:"leg_differs_from_log",field:"refusal"}:void 0}function compareEntries(entries,last,{posting,decidedAt,anchor}){let differs=(field,sequence)=>({kind:"entry_differs_from_l\
og",sequence,field});if(decidedAt===void 0)return differs("decidedAt",last);if(entries.length<posting.lines.length)return{kind:"missing_entry",sequence:last};let first=last-entries.length+1;for(let[index,
shown]of shownOf(posting,decidedAt).entries()){let field=differingEntryField(entries[index],shown);if(field)return differs(field,first+index)}let hash=entries.at(-1)?.hash??"";return anchor===void 0||
anchor===anchorOf(hash)?void 0:differs("hash",last)}function differingEntryField(entry,shown){if(!entry)return"metadata";let field=entryFields.find(name=>entry[name]!==shown[name]);return field||(encodeEntryMetadata(
entry.metadata)===encodeEntryMetadata(shown.metadata)?void 0:"metadata")}function followsOrigin(store,origin,first){if(origin===null)return!0;let sequence=store.leg(origin)?.sequence??null;return sequence!==null&&sequence<first}var ChainCheck=class{#store;#previous;#leg;constructor(store,genesis){
this.#store=store,this.#previous={sequence:0,hash:genesis,createdAt:Number.NEGATIVE_INFINITY}}get sequence(){return this.#previous.sequence}get isWhole(){return this.#leg===void 0}atEnd(){let{sequence}=this.#previous,
unfinished=this.#leg?.first.transactionId;return unfinished===void 0?void 0:{kind:"incomplete_leg",sequence,transactionId:unfinished}}check(entry){let sequence=this.#previous.sequence+1;if(!entry)return{
kind:"broken_hash",sequence};if(entry.sequence!==sequence)return{kind:"sequence_gap",sequence};let{transactionId}=entry;if(!this.#follows(entry))return{kind:"broken_hash",sequence,transactionId};let difference=this.#checkPlace(
entry);if(difference)return{sequence,transactionId,...difference};this.#previous=entry}#follows(entry){let{hash,createdAt}=this.#previous;return entry.createdAt>=createdAt&&entry.createdAt>=entry.decidedAt&&
entry.previousHash===hash&&entryHash(entry)===entry.hash}#checkPlace(entry){let found=entry.line===1?this.#begin(entry):this.#goOn(entry);if(found.difference)return found.difference;let{leg}=found,due=leg.
lines[entry.line-1],field=differingLineField([entry],due?[due]:[]);if(field!==void 0)return{kind:"entry_differs_from_leg",field};this.#leg=entry.line<leg.lines.length?leg:void 0}#begin(entry){let unfinished=this.
atEnd();if(unfinished)return{difference:unfinished};let leg=this.#store.leg(entry.transactionId);return leg?.state!=="posted"?{difference:{kind:"entry_without_leg"}}:this.#match(entry,leg)}#match(entry,{
lines,origin,sequence}){return lines?sequence!==entry.sequence+lines.length-1?{difference:{kind:"entry_without_leg"}}:(entry.origin??null)!==origin?{difference:{kind:"entry_differs_from_leg",field:"or\
igin"}}:followsOrigin(this.#store,origin,entry.sequence)?{leg:{first:entry,lines}}:{difference:{kind:"origin_not_posted"}}:{difference:{kind:"entry_differs_from_leg",field:"lines"}}}#goOn(entry){let leg=this.#leg;
return leg!==void 0&&entry.transactionId===leg.first.transactionId&&entry.line===this.#previous.sequence-leg.first.sequence+2&&entry.createdAt===leg.first.createdAt&&entry.decidedAt===leg.first.decidedAt?
{leg}:{difference:{kind:"incomplete_leg"}}}};function encodeFurther(lines){return lines.length<2?null:JSON.stringify(lines.slice(1).map(toTuple))}function linesOfRow(row){let{bucket,direction,currency,amount,further}=row,first={bucket,direction,
currency,amount};return further===null?[first]:[first,...JSON.parse(further).map(toLine)]}function stateOfRow({open,sequence}){return open===1?"held":sequence===null?"void":"posted"}function toLeg(row){
return{state:stateOfRow(row),transactionId:row.transaction_id,fingerprint:row.fingerprint,lines:linesOfRow(row),...row.origin!==null&&{origin:{transactionId:row.origin}},...row.refusal!==null&&{refusal:JSON.
parse(row.refusal)}}}function toEntry(row){return{sequence:row.sequence,transactionId:row.transaction_id,line:row.line,type:row.type,bucket:row.bucket,direction:row.direction,amount:row.amount,currency:row.
currency,counterparty:row.counterparty,...row.origin!==null&&{origin:row.origin},...row.provider!==null&&{provider:row.provider},...row.payment_reference!==null&&{paymentReference:row.payment_reference},
...row.payout_reference!==null&&{payoutReference:row.payout_reference},...row.description!==null&&{description:row.description},...row.metadata!==null&&{metadata:JSON.parse(row.metadata)},decidedAt:row.
decided_at,createdAt:row.created_at,previousHash:row.previous_hash,hash:row.hash}}function entryRowsAfter({sql},after,last,limit){return sql.exec(`SELECT * FROM entries WHERE sequence > CAST(? AS INTEGER)
    AND sequence <= CAST(? AS INTEGER) ORDER BY sequence LIMIT CAST(? AS INTEGER)`,after,last,limit).toArray()}var AccountStore=class{#storage;constructor(storage){this.#storage=storage}identity(){return this.#storage.
sql.exec("SELECT class, tenant, account, shards, genesis FROM identity WHERE id = 1").toArray()[0]}insertIdentity(identity,now){this.#storage.sql.exec(`INSERT INTO identity (id, class, tenant, account\
, shards, genesis, opened_at)
       VALUES (1, ?, ?, ?, ?, ?, ?)`,identity.class,identity.tenant,identity.account,identity.shards,identity.genesis,now)}leg(transactionId){let row=this.#storage.sql.exec("SELECT * FROM legs WHERE o\
pen IN (0, 1) AND transaction_id = ?",transactionId).toArray()[0];return row&&toLeg(row)}heldLegs(){return this.#storage.sql.exec("SELECT * FROM legs WHERE open = 1").toArray().map(toLeg)}insertHeld(posting){
this.#insertLeg(1,posting,null)}insertVoid(posting,refusal){this.#insertLeg(0,posting,refusal?JSON.stringify(refusal):null)}#insertLeg(open,posting,refusal){let{transactionId,fingerprint,lines,origin}=posting,
[first]=lines;if(!first)throw new Error("a leg has a line");this.#storage.sql.exec(`INSERT INTO legs (open, transaction_id, fingerprint, bucket, direction, currency, amount,
         further, origin, refusal)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,open,transactionId,fingerprint,first.bucket,first.direction,first.currency,first.amount,encodeFurther(lines),origin?.transactionId??null,refusal)}voidHeld(transactionId){
this.#storage.sql.exec("UPDATE legs SET open = 0 WHERE open = 1 AND transaction_id = ?",transactionId)}insertClaim({key,amount},transactionId){this.#storage.sql.exec("INSERT INTO claims (key, transact\
ion_id, amount) VALUES (?, ?, ?)",key,transactionId,amount)}deleteClaim({key},transactionId){this.#storage.sql.exec("DELETE FROM claims WHERE key = ? AND transaction_id = ?",key,transactionId)}claimsOf(key){
return this.#storage.sql.exec(`SELECT claims.transaction_id AS transactionId, claims.amount, entries.type
         FROM claims
           JOIN legs ON legs.open IN (0, 1) AND legs.transaction_id = claims.transaction_id
           LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE key = ? ORDER BY legs.sequence IS NULL, legs.sequence`,key).toArray().map(({type,...claim})=>({...claim,posted:type!==null,...type&&{type}}))}entryHashOf(transactionId){return this.#storage.
sql.exec(`SELECT hash FROM entries WHERE sequence =
      (SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?)`,transactionId).toArray()[0]?.hash}decidedAtOf(transactionId){let query=`SELECT decided_at AS decidedAt FROM entries WHERE seque\
nce =
      (SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?)`,[row]=this.#storage.sql.exec(query,transactionId).toArray();return row?.decidedAt}postedSequence(transactionId){return this.#storage.
sql.exec("SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?",transactionId).toArray()[0]?.sequence??void 0}entriesAfter(after,last,limit){return entryRowsAfter(this.#storage,after,last,limit).
map(toEntry)}lastEntry(){return this.#storage.sql.exec(`SELECT sequence, hash, created_at AS createdAt FROM entries
                   ORDER BY sequence DESC LIMIT 1`).toArray()[0]}insertEntry(entry){this.#storage.sql.exec(`INSERT INTO entries (sequence, transaction_id, line, type, bucket, direction, amount,
         currency, counterparty, origin, provider, payment_reference, payout_reference, description,
         metadata, decided_at, created_at, previous_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,entry.sequence,entry.transactionId,entry.line,entry.type,entry.bucket,entry.direction,entry.amount,entry.currency,entry.counterparty,
entry.origin??null,entry.provider??null,entry.paymentReference??null,entry.payoutReference??null,entry.description??null,encodeEntryMetadata(entry.metadata),entry.decidedAt,entry.createdAt,entry.previousHash,
entry.hash)}};function toLeg2(row){return{state:stateOfRow(row),transactionId:row.transaction_id,fingerprint:row.fingerprint,lines:canonicalLines(row),origin:row.origin,sequence:row.sequence,refusal:row.refusal,entryOf:row.
entry_of}}function canonicalLines(row){try{let lines=linesOfRow(row);return encodeFurther(lines)===row.further?lines:void 0}catch{return}}function parseCanonical(text){try{let value=JSON.parse(text);return JSON.
stringify(value)===text?value:void 0}catch{return}}var AuditStore=class{#storage;#account;constructor(storage){this.#storage=storage,this.#account=new AccountStore(storage)}identity(){return this.#storage.
sql.exec("SELECT class, tenant, account, shards, genesis, opened_at AS openedAt FROM identity").toArray()[0]}entriesAfter(after,last,limit){return entryRowsAfter(this.#storage,after,last,limit).map(row=>row.
metadata===null||parseCanonical(row.metadata)!==void 0?toEntry(row):void 0)}legsAfter(after,limit){return this.#storage.sql.exec(`SELECT found.*, entries.transaction_id AS entry_of FROM (
           SELECT * FROM (SELECT * FROM legs WHERE open = 0 AND transaction_id > ?1
             ORDER BY transaction_id LIMIT CAST(?2 AS INTEGER))
           UNION ALL SELECT * FROM (SELECT * FROM legs WHERE open = 1 AND transaction_id > ?1
             ORDER BY transaction_id LIMIT CAST(?2 AS INTEGER))
         ) AS found LEFT JOIN entries ON entries.sequence = found.sequence
         ORDER BY found.transaction_id LIMIT CAST(?2 AS INTEGER)`,after,limit).toArray().map(toLeg2)}leg(transactionId){return this.#storage.sql.exec(`SELECT legs.*, entries.transaction_id AS entry_of\

         FROM legs LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE open IN (0, 1) AND legs.transaction_id = ?`,transactionId).toArray().map(toLeg2)[0]}claimsAfter(key,transactionId,limit){return this.#storage.sql.exec(`SELECT key, claims.transaction_id\
 AS transactionId, open, legs.sequence,
           entries.origin, entries.provider, entries.payment_reference AS paymentReference,
           entries.payout_reference AS payoutReference
         FROM claims
           LEFT JOIN legs ON open IN (0, 1) AND legs.transaction_id = claims.transaction_id
           LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE (key, claims.transaction_id) > (?, ?)
         ORDER BY key, claims.transaction_id LIMIT CAST(? AS INTEGER)`,key,transactionId,limit).toArray()}claimsOf(key){return this.#account.claimsOf(key)}claimed(key,transactionId){return this.#storage.
sql.exec("SELECT amount FROM claims WHERE key = ? AND transaction_id = ?",key,transactionId).toArray()[0]?.amount}};function keysOf({origin,provider,paymentReference,payoutReference}){let keys=origin===null?[]:[originKey(origin)];return provider===null||(paymentReference!==null&&keys.push(paymentClaim({provider,paymentReference}).
key),payoutReference!==null&&keys.push(payoutClaim({provider,payoutReference}).key)),keys}function keysOfPosting(posting){let{origin,provider=null,paymentReference=null,payoutReference=null}=posting,originOf=origin?.
transactionId??null;return keysOf({origin:originOf,provider,paymentReference,payoutReference})}var ClaimCheck=class{#store;#account;#ofHeld=new Map;count=0;constructor(store,account2){this.#store=store,
this.#account=account2}async checkRows(rowsPerTurn2,letOthersIn){for(let[key,id]=["",""];;await letOthersIn()){let turn=this.#store.claimsAfter(key,id,rowsPerTurn2);for(let[index,claim]of turn.entries()){
this.count+=1;let isFirst=claim.key!==turn[index-1]?.key;if(!(this.#isOfItsLeg(claim)&&!(isFirst&&this.#exceedsCapacity(claim.key))))return{kind:"wrong_claim",transactionId:claim.transactionId}}let last=turn.
at(-1);if(!last||turn.length<rowsPerTurn2)return;[key,id]=[last.key,last.transactionId]}}#isOfItsLeg(claim){let{key,transactionId,open,sequence}=claim;if(open===1){let others=this.#ofHeld.get(transactionId)??
[];return this.#ofHeld.set(transactionId,[...others,key]),!0}return open===0&&sequence!==null&&keysOf(claim).includes(key)}#exceedsCapacity(key){return this.#store.claimsOf(key).reduce((sum,{amount})=>sum+
BigInt(amount),0n)>this.#capacityOf(key)}#capacityOf(key){let id=originId(key),leg=id===void 0?void 0:this.#store.leg(id);return leg?.state!=="posted"||!leg.lines?capacityOf(key,void 0):capacityOf(key,
{transactionId:leg.transactionId,lines:leg.lines})}checkLeg(leg,posting){if(leg.state==="void")return this.#checkRefusal(leg,posting);let{transactionId}=leg,due=new Map(posting.claims.map(({key,amount})=>[
key,amount])),held=this.#ofHeld.get(transactionId)??[];return[...new Set([...due.keys(),...keysOfPosting(posting),...held])].every(key=>this.#store.claimed(key,transactionId)===due.get(key))?void 0:{kind:"\
wrong_claim"}}#checkRefusal({refusal},posting){if(refusal===null)return;let{claims,origin}=posting;return[...claims.flatMap(claim=>this.#refusalsOf(claim)),...claims.flatMap(claim=>this.#refusalsOfNumber(
claim)),...origin?this.#refusalsOfOrigin(origin):[],...this.#account.class==="wallet"?this.#otherRefusals(posting):[]].some(one=>JSON.stringify(one)===refusal)?void 0:{kind:"leg_differs_from_log",field:"\
refusal"}}#refusalsOfOrigin({transactionId,refusal:code4}){return this.#store.leg(transactionId)?.state==="void"?[{code:code4,transactionId}]:[]}#otherRefusals({type,claims,origin}){let explained=[origin?.
refusal,tooManyClaims.code,...claims.flatMap(codesOf)];return operationOf({type}).refusals.filter(code4=>!explained.includes(code4)).map(code4=>({code:code4,account:this.#account.id}))}#refusalsOfNumber({
key}){let[first,...others]=this.#store.claimsOf(key).filter(({posted})=>posted);return!first||1+others.length<reversalsMax?[]:[{code:"too_many_reversals",transactionId:first.transactionId}]}#refusalsOf(claim){
let{key,amount,refusal:code4}=claim,first=this.#store.claimsOf(key).find(({posted})=>posted);return[...first?[{code:codeAgainst(claim,first),transactionId:first.transactionId}]:[],...BigInt(amount)>this.#capacityOf(
key)?[{code:code4,account:this.#account.id}]:[]]}};var protocolVersions={before:1,own:1};function isUnderstood({protocol}){return protocol===protocolVersions.own||protocol===protocolVersions.before}function versionToSay({lines,claims,origin}){let isNew=origin!==
void 0||claims.some(({key})=>originId(key)!==void 0)||lines.some(({bucket})=>bucket==="reserved");return Math.max(isNew?2:1,protocolVersions.before)}function isReplay(sent,recorded){return recorded===
void 0||sent!==recorded}var identityMismatch="identity mismatch: the call is for another object than this one";function isIdentity(stored,expected){let fields=Object.keys(expected);return stored!==void 0&&fields.every(field=>stored[field]===
expected[field])}function assertIdentity(stored,expected){if(!isIdentity(stored,expected))throw new Error(identityMismatch)}function assertObjectName(objectName,expected){if(objectName!==void 0&&objectName!==
expected)throw new Error(identityMismatch)}var rowsPerTurn=5e3,shardsAtOnce=16,AccountAudit=class{#account;#store;#ports;#call;#address;#genesis;#claims;#log;#unreachable=new Set;head;holds=0;transactions=0;constructor(account2,ports,call,address){
this.#account=account2,this.#store=new AuditStore(ports.storage),this.#claims=new ClaimCheck(this.#store,address),this.#ports=ports,this.#call=call,this.#address=address,this.#genesis=genesisHash(call.
tenant,address),this.#log=workLog(ports.log,call.requestId);let empty={sequence:0,hash:this.#genesis,createdAt:0};this.head=account2.store.lastEntry()??empty}get claims(){return this.#claims.count}get unreachableShards(){
return this.#unreachable.size}async run(rules2){let difference=await this.#findDifference(rules2);if(difference){let{kind,transactionId,sequence,field}=difference,where=[sequence&&`entry ${sequence}`,
field].filter(Boolean).join(", "),detail=`audit: ${kind}${where&&` (${where})`}`,about={account:this.#address.id,detail},named=transactionId===void 0?about:{...about,transactionId};this.#log("error",{
event:"integrity_fault",...named})}return difference}async#findDifference(rules2){let identity=this.#store.identity(),{class:ownClass,id}=this.#address,own={class:ownClass,tenant:this.#call.tenant,account:id,
shards:rules2.shards};return isIdentity(identity,own)?await this.#checkChain(identity,rules2)??await this.#claims.checkRows(rowsPerTurn,()=>this.#letOthersIn())??await rules2.checkRecords(identity,()=>this.#letOthersIn())??
await this.#checkLegs()??this.#checkSchema():{kind:"wrong_identity"}}#checkSchema(){let field=this.#account.differingDeclaration();return field===void 0?void 0:{kind:"wrong_schema",field}}async#checkChain({
genesis},rules2){if(genesis!==this.#genesis)return{kind:"broken_hash",sequence:0};let chain=new ChainCheck(this.#store,genesis);for(;chain.sequence<this.head.sequence;){chain.sequence>0&&await this.#letOthersIn();
let turn=this.#store.entriesAfter(chain.sequence,this.head.sequence,rowsPerTurn);if(turn.length===0)return{kind:"sequence_gap",sequence:chain.sequence+1};for(let entry of turn){let difference=chain.check(
entry)??(entry&&rules2.checkEntry(entry,chain.isWhole));if(difference)return difference}}return chain.atEnd()}async#checkLegs(){for(let after="";after!==void 0;){let legs=this.#store.legsAfter(after,rowsPerTurn);
for(let{transactionId,state,sequence,origin,entryOf}of legs){if(state==="held"&&(this.holds+=1,!followsOrigin(this.#store,origin,Number.POSITIVE_INFINITY)))return{kind:"origin_not_posted",transactionId};
if(sequence!==null&&entryOf!==transactionId)return{kind:"missing_entry",sequence,transactionId};if(!isTransactionId(transactionId))return{kind:"leg_unknown_to_log"}}let difference=await this.#askLogs(
legs);if(difference)return difference;after=legs.at(-1)?.transactionId}}async#askLogs(legs){let batches=[...Map.groupBy(legs,leg=>logShardOf(leg.transactionId))].flatMap(([shard,inShard])=>batchesOf(inShard).
map(batch=>({shard,batch})));for(let first=0;first<batches.length;first+=shardsAtOnce){let group=batches.slice(first,first+shardsAtOnce),difference=(await Promise.all(group.map(({shard,batch})=>this.#checkBatch(
shard,batch)))).find(one=>one!==void 0);if(difference)return difference}}async#checkBatch(shard,batch){let records=await this.#ask(shard,batch);if(records)for(let[index,before]of batch.entries()){let difference=this.#checkLeg(
before,records[index]??null);if(difference)return{...difference,transactionId:before.transactionId}}}async#letOthersIn(){let{requestId:requestId2,tenant}=this.#call,about={protocol:protocolVersions.before,
requestId:requestId2,tenant,account:this.#address.id};await this.#ports.logs(0).ask({...about,questions:[]}).catch(()=>{})}async#ask(shard,batch){let{requestId:requestId2,tenant}=this.#call,transactionIds=batch.
map(leg=>leg.transactionId),call={protocol:protocolVersions.before,requestId:requestId2,tenant,account:this.#address.id};try{return await this.#ports.logs(shard).legRecords({...call,transactionIds})}catch(error){
this.#unreachable.add(shard);let target=`transfer-log ${shardName(shard)} audit`,detail=describeError(error);this.#log("warn",{event:"call_failed",target,detail});return}}#checkLeg(before,record){let after=this.#store.
leg(before.transactionId),sequence=after?.sequence??void 0,difference=compareLeg(before,record,after,this.#address.id);return difference?{...difference,...sequence!==void 0&&{sequence}}:!record||!after?
void 0:(record.state==="committed"&&(this.transactions+=1),(sequence===void 0?void 0:this.#checkEntries(sequence,record))??this.#claims.checkLeg(after,record.posting))}#checkEntries(sequence,record){let count=record.
posting.lines.length,entries=this.#store.entriesAfter(sequence-count,sequence,count);return compareEntries(entries,sequence,record)}};function batchesOf(all){let batches=[];for(let first=0;first<all.length;first+=
auditBatchMax)batches.push(all.slice(first,first+auditBatchMax));return batches}var rules={shards:shardCount,checkEntry:()=>{},checkRecords:async()=>{}};async function auditExternalAccount(account2,ports,call){let address={class:"external-account",id:call.account};if(!account2.wasUsed(
call.tenant,call.account))return{ok:!0,head:{sequence:0,hash:genesisHash(call.tenant,address),createdAt:0},checked:{entries:0,claims:0,holds:0,transactions:0},unreachableShards:0};let audit=new AccountAudit(
account2,ports,call,address),difference=await audit.run(rules),{head,claims,holds,transactions,unreachableShards}=audit,checked={entries:head.sequence,claims,holds,transactions};return{ok:!0,head,checked,
...difference&&{difference},unreachableShards}}var createAppliedTable="CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",findAppliedTable="SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'migra\
tions'";function migrate(storage,declared){storage.transactionSync(()=>{storage.sql.exec(createAppliedTable);let rows=storage.sql.exec("SELECT id FROM migrations").toArray(),applied=new Set(rows.map(row=>row.
id));for(let migration of declared)applied.has(migration.id)||(storage.sql.exec(migration.sql),storage.sql.exec("INSERT INTO migrations (id) VALUES (?)",migration.id))})}var Schema=class{#storage;#declared;#current=!1;constructor(storage,declared){
this.#storage=storage,this.#declared=declared}get isCurrent(){return this.#current}exists(){return this.#current?!0:this.#storage.sql.exec(findAppliedTable).toArray().length===0?!1:(this.create(),!0)}create(){
this.#storage.sql.exec("PRAGMA recursive_triggers = 1"),migrate(this.#storage,this.#declared),this.#current=!0}rolledBack(){this.#current=!1}};var version2="fp1";function encodeMetadata(metadata){if(metadata===void 0)return null;let pairs=Object.entries(metadata).toSorted(([left],[right])=>left<right?-1:1);return encodeTuple(pairs.flat())}function fingerprintRequest(request){
let digest=digestTuple([version2,request.type,...operationOf(request).fingerprintFields(request),request.description??null,encodeMetadata(request.metadata)]);return`${version2}:${digest}`}function fingerprintFreeze({
frozen:frozen2,reason:reason4}){return`${version2}:${digestTuple([version2,"freeze",String(frozen2),reason4])}`}function fingerprintUser(profile){let digest=digestTuple([version2,"user",profile.name,profile.
email??null,encodeMetadata(profile.metadata)]);return`${version2}:${digest}`}function fingerprintApiKey({name,scopes,expiresAt}){let digest=digestTuple([version2,"api-key",name,expiresAt??null,...scopes]);
return`${version2}:${digest}`}function differingField(key,shard){let{id,name,fingerprint,expiresAt}=key;if(keyShardOf(id)!==shard)return"id";let scopes=parseCanonical(key.scopes);if(!Array.isArray(scopes))return"scopes";let request={
name,scopes,...expiresAt===null?{}:{expiresAt}};return fingerprintApiKey(request)===fingerprint?void 0:"fingerprint"}function checkKeys(store,{tenant,shard}){let own={class:"key-ring",shard,shards:keyShardCount};
if(!isIdentity(store.identity(),own))return{keys:0,difference:{kind:"wrong_identity"}};let keys=store.keysToAudit(tenant);for(let key of keys){let field=differingField(key,shard);if(field)return{keys:keys.
length,difference:{kind:"wrong_key",keyId:key.id,field}}}return{keys:keys.length}}function auditKeys(store,call,log){let report=checkKeys(store,call);if(report.difference){let{kind,keyId="",field=""}=report.
difference,detail=`audit of a key ring: ${[kind,keyId,field].filter(Boolean).join(" ")}`;log("error",{event:"integrity_fault",requestId:call.requestId,detail})}return report}function toKey(row){return{id:row.id,tenant:row.tenant,fingerprint:row.fingerprint,name:row.name,scopes:JSON.parse(row.scopes),secretHash:row.secret_hash,...row.expires_at!==null&&{expiresAt:row.expires_at},
createdBy:row.created_by,createdAt:row.created_at,...row.revoked_by!==null&&row.revoked_at!==null&&{revoked:{by:row.revoked_by,at:row.revoked_at}}}}var KeyRingStore=class{#storage;constructor(storage){
this.#storage=storage}identity(){return this.#storage.sql.exec("SELECT class, shard, shards FROM identity WHERE id = 1").toArray()[0]}insertIdentity(shard,shards){this.#storage.sql.exec("INSERT INTO i\
dentity (id, class, shard, shards) VALUES (1, 'key-ring', ?, ?)",shard,shards)}find(id){let row=this.#storage.sql.exec(`SELECT keys.*, revoked_by, revoked_at FROM keys
      LEFT JOIN revocations ON key_id = id WHERE id = ?`,id).toArray()[0];return row&&toKey(row)}listOf({tenant,limit,after}){return this.#storage.sql.exec(`SELECT keys.*, revoked_by, revoked_at FROM \
keys
      LEFT JOIN revocations ON key_id = id
      WHERE tenant = ?1
        AND (?2 IS NULL OR (created_at, id) > (CAST(?2 AS INTEGER), ?3))
      ORDER BY created_at, id LIMIT CAST(?4 AS INTEGER)`,tenant,after?.createdAt??null,after?.id??null,limit).toArray().map(toKey)}keysToAudit(tenant){return this.#storage.sql.exec(`SELECT id, fingerp\
rint, name, scopes, expires_at AS expiresAt FROM keys
      WHERE tenant = ? ORDER BY id`,tenant).toArray()}insertKey(key,requestId2){this.#storage.sql.exec(`INSERT INTO keys (id, tenant, fingerprint, name, scopes, secret_hash, expires_at,
         created_by, created_at, request_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,key.id,key.tenant,key.fingerprint,key.name,JSON.stringify(key.scopes),key.secretHash,key.expiresAt??null,key.createdBy,key.createdAt,requestId2)}insertRevocation(id,principal,at,requestId2){
this.#storage.sql.exec("INSERT INTO revocations (key_id, revoked_by, revoked_at, request_id) VALUES (?, ?, ?, ?)",id,principal,at,requestId2)}};var notFound={ok:!1,problem:"not_found"},KeyRingCore=class{#parts;#schema;#store;constructor(parts){this.#parts=parts,this.#schema=new Schema(parts.storage,parts.migrations),this.#store=new KeyRingStore(
parts.storage)}create(call){let now=this.#parts.clock.now(),known=this.#find(call.keyId);if(!known&&(call.request.expiresAt??1/0)<=now)return{ok:!1,problem:"already_expired"};let key=known??this.#insert(
call,now);return key.fingerprint===call.fingerprint&&key.tenant===call.tenant?{ok:!0,key,replayed:key.secretHash!==call.secretHash}:{ok:!1,problem:"idempotency_key_reused"}}lookUp({keyId}){let key=this.#find(
keyId);return key?{ok:!0,key}:notFound}list(call){return this.#schema.exists()?this.#store.listOf(call):[]}audit(call){let{objectName,log}=this.#parts;return assertObjectName(objectName,keyRingObjectName(
call.shard)),this.#schema.exists()?auditKeys(this.#store,call,log):{keys:0}}revoke(call){let key=this.#find(call.keyId);if(key?.tenant!==call.tenant)return notFound;if(key.revoked)return{ok:!0,key};let revoked={
by:call.principal,at:this.#parts.clock.now()};return this.#store.insertRevocation(key.id,revoked.by,revoked.at,call.requestId),{ok:!0,key:{...key,revoked}}}#insert(call,createdAt){let{keyId:id,tenant,
fingerprint,request,secretHash,principal:createdBy}=call,key={id,tenant,fingerprint,...request,secretHash,createdBy,createdAt};try{this.#parts.storage.transactionSync(()=>{this.#schema.exists()||this.#createRing(
keyShardOf(id)),this.#store.insertKey(key,call.requestId)})}catch(error){throw this.#schema.rolledBack(),error}return key}#createRing(shard){assertObjectName(this.#parts.objectName,keyRingObjectName(shard)),
this.#schema.create(),this.#store.insertIdentity(shard,keyShardCount)}#find(keyId){if(!this.#schema.exists())return;let own={class:"key-ring",shard:keyShardOf(keyId),shards:keyShardCount};return assertIdentity(
this.#store.identity(),own),this.#store.find(keyId)}};var nothing={available:0,reserved:0};function addLines(net,lines){let sum={...net};for(let{bucket,direction,amount,currency}of lines){let before=sum[currency]??nothing;sum[currency]={...before,[bucket]:add(
before[bucket],signed(direction,amount))}}return sum}function balanceOf({available,reserved}){return add(available,reserved)}function netOf(lines,currency){let net=0;for(let line of lines)line.currency===
currency&&(net=add(net,signed(line.direction,line.amount)));return net}function debitsOf(lines,currency){return lines.filter(line=>line.currency===currency&&line.bucket==="available"&&line.direction===
"debit").reduce((sum,{amount})=>add(sum,amount),0)}function undecidedOf(legs,currency){let debits=0,incoming=0;for(let{lines}of legs)debits=add(debits,debitsOf(lines,currency)),incoming=add(incoming,Math.
max(0,netOf(lines,currency)));return{debits,incoming}}function positionsOf(net,legs){let lines=legs.flatMap(leg=>leg.lines);return[...new Set([...Object.keys(net),...lines.map(({currency})=>currency)])].
toSorted().map(currency=>{let amounts=net[currency]??nothing,{debits,incoming}=undecidedOf(legs,currency);return{currency,balance:balanceOf(amounts),available:add(amounts.available,-debits),reserved:amounts.
reserved,held:add(amounts.reserved,debits),incoming}})}var code="wallet_frozen";function stops(freeze,net,hasOrigin){return net<0?freeze==="all"||freeze==="debits"&&!hasOrigin:net>0&&(freeze==="credits"||freeze==="all")}var frozen={code,contestable:!1,objection(standing,{
account:account2,lines,origin}){return standing.freeze==="none"?void 0:[...new Set(lines.map(({currency})=>currency))].some(one=>stops(standing.freeze,netOf(lines,one),origin!==void 0))?{vote:"no",refusal:{
code,account:account2}}:void 0}};var code2="insufficient_funds",funds={code:code2,contestable:!0,objection(standing,{account:account2,lines}){for(let[currency,{posted,undecided}]of standing.funds??[]){let free=add(posted.available,-undecided.
debits);if(debitsOf(lines,currency)>free)return{vote:"no",refusal:{code:code2,account:account2}}}}};var code3="balance_limit_exceeded",headroom={code:code3,contestable:!0,objection(standing,{account:account2,lines}){for(let[currency,{posted,undecided}]of standing.funds??[]){let net=netOf(lines,currency);
if(net>0&&!hasHeadroom(balanceOf(posted),undecided.incoming,net))return{vote:"no",refusal:{code:code3,account:account2}}}}};var reason2="open_legs",openLegs={code:reason2,contestable:!0,objection:standing=>standing.openLegs<openLegsMax?void 0:{vote:"busy",reason:reason2}};var reason3="origin_undecided",originRejected={code:"origin",contestable:!1,objection:(standing,{origin})=>origin&&standing.origin==="void"?{vote:"no",refusal:{code:origin.refusal,transactionId:origin.
transactionId}}:void 0},originUndecided={code:reason3,contestable:!0,objection:(standing,{origin})=>origin&&standing.origin!=="posted"?{vote:"busy",reason:reason3,claimants:[origin.transactionId]}:void 0};var admissionRules=[frozen,originRejected,originUndecided,postedClaim,tooManyClaims,heldClaim,funds,headroom,openLegs];function admit(rules2,standing,leg){for(let{contestable,objection}of rules2){let found=objection(
standing,leg);if(found)return{...found,contestable}}return{vote:"yes"}}function contestedLegs(admission,held){if(admission.vote==="yes"||!admission.contestable)return[];let claimants=admission.vote===
"busy"?admission.claimants:void 0;return claimants?held.filter(({transactionId})=>claimants.includes(transactionId)):held}var legTransitions={none:{hold:{yes:"held",no:"void",busy:"none"},post:"fault",release:"void"},held:{hold:"held",post:"posted",release:"void"},posted:{hold:"posted",post:"posted",release:"fault"},void:{
hold:"void",post:"fault",release:"void"}};function writeOf(from,to){if(from!==to)return to==="void"?from==="none"?"tombstone":"void":to==="posted"?"entries":"hold"}function differenceOf(leg,other){return leg.
fingerprint!==other.fingerprint?"fingerprint":areSameLines(leg.lines,other.lines)?leg.origin?.transactionId===other.origin?.transactionId?void 0:"origin":"lines"}function contradiction(leg,call){return differenceOf(
leg,call)&&"another content than the recorded leg's"}function decideHold(leg,call,look){if(leg)return{write:writeOf(leg.state,legTransitions[leg.state].hold),vote:voteAgain(leg,call)};let admission=look.
admission();if(look.mayAsk&&admission.vote!=="yes"&&admission.contestable){let ask=contestedLegs(admission,look.held());if(ask.length>0)return{ask}}let write=writeOf("none",legTransitions.none.hold[admission.
vote]);return admission.vote==="yes"?{write,vote:{vote:"yes"}}:admission.vote==="busy"?{write,vote:{vote:"busy",reason:admission.reason}}:{write,vote:{vote:"no",refusal:admission.refusal}}}function voteAgain(leg,call){
let detail=contradiction(leg,call);return detail!==void 0?{vote:"fault",detail}:leg.state!=="void"?{vote:"yes"}:{vote:"no",refusal:leg.refusal??{code:"transaction_expired"}}}function refuseUnopened(account2){
return{vote:"no",refusal:{code:"wallet_not_found",account:account2}}}function voteAfterAsks({failed}){return failed?{vote:"busy",reason:"ask_failed"}:void 0}function closeLeg(command,leg,call){let detail=leg&&
contradiction(leg,call);if(detail!==void 0)return{fault:detail};let state=leg?.state??"none",next=legTransitions[state][command];return next==="fault"?{fault:`${command} of a leg that is ${state}`}:{write:writeOf(
state,next)}}var creation=/^CREATE (?:TABLE|INDEX|VIEW|TRIGGER) (\w+)/gm,storedQuery=`SELECT name, sql FROM sqlite_master
  WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'
    AND name <> 'migrations'
  ORDER BY name`;function differingDeclaration(storage,declared){let text=declared.map(({sql})=>sql).join(`
`),stored=storage.sql.exec(storedQuery).toArray(),found=new Set(stored.map(({name})=>name)),missing=[...text.matchAll(creation)].find(([,name=""])=>!found.has(name));if(missing)return missing[1];let migrations=storage.
sql.exec("SELECT id FROM migrations").toArray(),applied=new Set(migrations.map(({id})=>id));return declared.some(({id})=>!applied.has(id))?"migrations":applied.size>declared.length?void 0:stored.find(
({sql})=>!text.includes(`${sql};`))?.name}async function askShard(shard,legs,asked,ports){let questions=legs.map(({transactionId,fingerprint})=>({transactionId,fingerprint}));try{let result=await ports.logs(shard).ask({...asked,questions});return result.
ok?result.answers:void 0}catch(error){ports.log("warn",{event:"call_failed",requestId:asked.requestId,target:`transfer-log ${shard} ask`,detail:describeError(error)});return}}async function askAboutLegs(legs,asked,ports){
let byShard=Map.groupBy(legs,leg=>logShardOf(leg.transactionId)),committed=[],rejected=[],unknown2=[],failed=!1;return await Promise.all(Array.from(byShard,async([shard,inShard])=>{let answers=await askShard(
shard,inShard,asked,ports);answers||(failed=!0);for(let[index,answer]of(answers??[]).entries())answer.decision==="commit"?committed.push(answer):answer.decision==="reject"?rejected.push(answer.posting):
answer.decision==="fault"&&unknown2.push(inShard[index]?.transactionId??"")})),{committed,rejected,unknown:unknown2,failed:failed||unknown2.length>0}}var AskRounds=class{#latest=0;#underWay=new Set;get latest(){return this.#latest}join(legs,after,ask){let isShared=({number,transactionIds})=>number>after&&legs.some(({transactionId})=>transactionIds.
has(transactionId));return[...this.#underWay].find(isShared)??this.#begin(legs,ask)}#begin(legs,ask){let number=++this.#latest,transactionIds=new Set(legs.map(({transactionId})=>transactionId)),learned=ask(
legs).finally(()=>this.#underWay.delete(round)),round={number,transactionIds,learned};return this.#underWay.add(round),round}};var GroupCommit=class{#storage;#clock;#lastAt=Number.NEGATIVE_INFINITY;#lastTransaction="";#turn;constructor(storage,clock){this.#storage=storage,this.#clock=clock}join(transactionId){let now=this.#clock.
now(),isBusy=transactionId!==this.#lastTransaction&&now-this.#lastAt<=20;return this.#lastAt=now,this.#lastTransaction=transactionId,isBusy?this.#turn??=this.#begin():this.#turn}#begin(){return this.#sync().
finally(()=>this.#turn=void 0)}async#sync(){await this.#storage.sync()}};var LegCache=class{#held=new Map;#head;held(transactionId){return this.#held.get(transactionId)}get head(){return this.#head}noteHeld({transactionId,fingerprint,lines,origin}){let content={transactionId,
fingerprint,lines,...origin&&{origin}};this.#held.set(transactionId,{state:"held",...content})}noteClosed(transactionId){this.#held.delete(transactionId)}noteHead({sequence,hash,createdAt}){this.#head=
{sequence,hash,createdAt}}clear(){this.#held.clear(),this.#head=void 0}};function standingOf(store,{freeze,funds:funds2,openLegs:openLegs2},{claims,origin}){let originLeg=origin&&store.leg(origin.transactionId);return{freeze,...funds2&&{funds:funds2},openLegs:openLegs2,claims:claims.
map(({key})=>({capacity:capacityOf(key,originLeg),used:store.claimsOf(key)})),...origin&&{origin:originLeg?.state??"none"}}}function originDecidedAt(store,{origin}){return origin&&store.decidedAtOf(origin.
transactionId)}var Account=class{store;#ports;#kind;#schema;#commits;#identity;#cache=new LegCache;#rounds=new AskRounds;constructor(ports,kind){this.#ports=ports,this.#kind=kind,this.#schema=new Schema(ports.storage,
kind.migrations),this.#commits=new GroupCommit(ports.storage,ports.clock),this.store=new AccountStore(ports.storage)}exists(tenant,account2){let identity=this.#readIdentity();if(!identity)return!1;let{
class:ownClass,shards}=this.#kind;return assertIdentity(identity,{class:ownClass,tenant,account:account2,shards}),!0}#readIdentity(){return!this.#identity&&this.#schema.exists()&&(this.#identity=this.
store.identity()),this.#identity}wasUsed(tenant,account2){let name=accountObjectName(tenant,{class:this.#kind.class,id:account2});return this.#ports.objectName===name?this.#schema.exists():this.exists(
tenant,account2)}differingDeclaration(){return differingDeclaration(this.#ports.storage,this.#kind.migrations)}sqlTransaction(body){return this.#clearedOnFailure(()=>this.#ports.storage.transactionSync(
body))}#clearedOnFailure(write){try{return write()}catch(error){throw this.#schema.rolledBack(),this.#identity=void 0,this.#cache.clear(),error}}create(tenant,account2){let{class:ownClass,shards}=this.#kind,
address={class:ownClass,id:account2};assertObjectName(this.#ports.objectName,accountObjectName(tenant,address)),this.#schema.create();let genesis=genesisHash(tenant,address),now=this.#ports.clock.now();
this.store.insertIdentity({class:ownClass,tenant,account:account2,shards,genesis},now)}head(){return this.store.lastEntry()??{sequence:0,hash:this.genesis(),createdAt:0}}genesis(){let identity=this.store.
identity();if(!identity)throw new Error("the account was never opened");return identity.genesis}async hold(call){if(!isUnderstood(call))return{vote:"busy",reason:"protocol_version"};await this.#commits.
join(call.posting.transactionId);let arrival=this.#rounds.latest;for(let[after,mayAsk]=[0,!0];;after=arrival){let step=this.sqlTransaction(()=>this.#holdNow(call,mayAsk));if(!step.ask)return step.vote;
let round=this.#rounds.join(step.ask,after,legs=>this.resolve(legs,call)),vote=voteAfterAsks(await round.learned);if(vote)return vote;mayAsk=round.number<=arrival}}#holdNow(call,mayAsk){let{posting,account:account2}=call;
if(!this.#existsForUse(call))return{write:void 0,vote:refuseUnopened(account2)};let look=this.#kind.look(posting),step=decideHold(look.known?this.#recorded(posting):void 0,posting,{admission:()=>admit(
admissionRules,standingOf(this.store,look,posting),{...posting,account:account2}),mayAsk,held:()=>this.store.heldLegs()});if(step.ask)return step;let{vote}=step;if(vote.vote==="fault"&&this.#fault(call,
vote.detail),this.#write(step.write,posting,vote.vote==="no"?vote.refusal:void 0),vote.vote!=="yes")return step;let newestDecidedAt=look.newestDecidedAt??originDecidedAt(this.store,posting);return{...step,
vote:{...vote,...newestDecidedAt!==void 0&&{newestDecidedAt}}}}#recorded({transactionId}){let leg=this.store.leg(transactionId);if(!leg)throw new Error("a known leg is gone");return leg}async post(call){
return isUnderstood(call)?(await this.#commits.join(call.posting.transactionId),this.#postNow(call)):{acknowledged:!1,reason:"protocol_version"}}#postNow(call){let{posting,tenant,account:account2,decidedAt}=call,
{transactionId}=posting,leg=this.exists(tenant,account2)?this.#cache.held(transactionId)??this.store.leg(transactionId):void 0,{fault,write}=closeLeg("post",leg,posting);if(fault!==void 0)return this.#fault(
call,fault);let hash=write?this.#append(posting,decidedAt):this.store.entryHashOf(transactionId);return hash===void 0?this.#fault(call,"the entry of a posted leg is gone"):{acknowledged:!0,entryHash:hash}}async release(call){
return isUnderstood(call)?(await this.#commits.join(call.posting.transactionId),this.#releaseNow(call)):{acknowledged:!1,reason:"protocol_version"}}#releaseNow(call){return this.sqlTransaction(()=>{let{
posting}=call;if(!this.#existsForUse(call))return{acknowledged:!0};let{fault,write}=closeLeg("release",this.store.leg(posting.transactionId),posting);return fault!==void 0?this.#fault(call,fault):(this.#write(
write,posting),{acknowledged:!0})})}#write(write,posting,refusal){let{transactionId,claims}=posting;switch(write){case"hold":this.store.insertHeld(posting);for(let claim of claims)this.store.insertClaim(
claim,transactionId);this.#cache.noteHeld(posting);break;case"tombstone":this.store.insertVoid(posting,refusal);break;case"void":this.store.voidHeld(transactionId);for(let claim of claims)this.store.deleteClaim(
claim,transactionId);this.#cache.noteClosed(transactionId);break;case"entries":throw new Error("entries are appended with the time of their decision");case void 0:}}#append(posting,decidedAt){let head=this.#cache.
head??this.head(),entries=nextEntries(head,posting,{decidedAt,now:this.#ports.clock.now()}),last=entries.at(-1);if(!last)throw new Error("a leg has a line");let append=()=>{for(let entry of entries)this.
store.insertEntry(entry),this.#kind.onPosted(entry)};return entries.length===1&&!this.#kind.writesWithEntry(last.sequence)?this.#clearedOnFailure(append):this.sqlTransaction(append),this.#cache.noteClosed(
last.transactionId),this.#cache.noteHead(last),last.hash}async resolve(legs,call){let{requestId:requestId2,tenant,account:account2}=call,asked={protocol:protocolVersions.before,requestId:requestId2,tenant,
account:account2},learned=await askAboutLegs(legs,asked,this.#ports);for(let{posting,decidedAt}of learned.committed)this.#postNow({...asked,posting,decidedAt});for(let posting of learned.rejected)this.#releaseNow(
{...asked,posting});return learned}#existsForUse(call){return this.exists(call.tenant,call.account)?!0:this.#kind.isCreatedOnUse?(this.create(call.tenant,call.account),!0):!1}#fault(call,detail){let{requestId:requestId2,
account:account2,posting}=call,{transactionId}=posting;return this.#ports.log("error",{event:"integrity_fault",requestId:requestId2,transactionId,account:account2,detail}),{acknowledged:!1,reason:"fau\
lt",detail}}};var lookQuery=`
  SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?) AS known,
    (SELECT count(*) FROM legs WHERE open = 1) AS openLegs`;function createExternalAccount(ports,migrations){return new Account(ports,{class:"external-account",migrations,shards:shardCount,isCreatedOnUse:!0,look({transactionId}){let[row]=ports.storage.sql.exec(
lookQuery,transactionId).toArray();if(!row)throw new Error("a query of subqueries has one row");return{known:row.known===1,freeze:"none",openLegs:row.openLegs}},onPosted:()=>{},writesWithEntry:()=>!1})}var StepAwareClock=class{#clock;#waits=new Set;#readAt=Number.NEGATIVE_INFINITY;constructor(clock){this.#clock=clock}now(){let now=this.#clock.now(),putBackMs=this.#readAt-now;return this.#readAt=now,
putBackMs>0&&this.#bringForward(putBackMs),now}#bringForward(byMs){for(let wait of this.#waits)wait.cancel(),wait.at-=byMs,this.#setTimer(wait)}#setTimer(wait){wait.cancel=this.#clock.after(Math.max(wait.
at-this.#readAt,0),()=>{this.#waits.delete(wait),wait.fire()})}after(delayMs,fire){let wait={at:this.now()+delayMs,cancel:()=>{},fire};return this.#waits.add(wait),this.#setTimer(wait),()=>{this.#waits.
delete(wait),wait.cancel()}}},timedOut=Symbol("timed out");function withTimeout(clock,promise,delayMs){return new Promise((resolve,reject)=>{let cancel=clock.after(delayMs,()=>resolve(timedOut));promise.
then(resolve,reject).finally(cancel)})}function sleep(clock,delayMs){return new Promise(resolve=>{clock.after(delayMs,resolve)})}var entriesPerTurn=2e4,lowBits=26n,Books=class{#lines=new Map;#line(provider,currency){let key=JSON.stringify([provider??"",currency]),line=this.#lines.get(key)??{entries:0,openLegs:0,posted:{debit:0n,
credit:0n},open:{debit:0n,credit:0n}};return this.#lines.set(key,line),line}addPosted({provider,currency,direction,count,high,low}){let line=this.#line(provider,currency);line.posted[direction]+=(BigInt(
high)<<lowBits)+BigInt(low),line.entries+=count}addHeld(row){let provider=row.key===null?row.originProvider:providerOf(row.key);for(let{currency,direction,amount}of linesOfRow(row)){let line=this.#line(
provider??null,currency);line.open[direction]+=BigInt(amount),line.openLegs+=1}}lines(){return[...this.#lines].map(([key,line])=>{let[provider,currency]=JSON.parse(key),{entries,openLegs:openLegs2,posted,
open}=line,spell=({debit,credit})=>({debits:String(debit),credits:String(credit)});return{provider,currency,entries,posted:spell(posted),openLegs:openLegs2,open:spell(open)}})}};async function booksOf(account2,{
storage,clock},call){if(!account2.exists(call.tenant,call.account))return[];let books=new Books,last=account2.head().sequence;for(let row of heldLegs(storage))books.addHeld(row);for(let after=0;after<
last;after+=entriesPerTurn){after>0&&await sleep(clock,0);for(let row of postedSums(storage,after,Math.min(after+entriesPerTurn,last)))books.addPosted(row)}return books.lines()}function postedSums(storage,after,last){
return storage.sql.exec(`SELECT provider, currency, direction, count(*) AS count,
         sum(amount >> 26) AS high, sum(amount & 67108863) AS low
       FROM entries
       WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)
       GROUP BY provider, currency, direction`,after,last).toArray()}function heldLegs(storage){return storage.sql.exec("SELECT 1 AS held FROM legs WHERE open = 1 LIMIT 1").toArray().length===0?[]:storage.
sql.exec(`WITH held AS MATERIALIZED (SELECT * FROM legs WHERE open = 1),
         claimed AS MATERIALIZED (SELECT min(key) AS key, transaction_id FROM claims
           WHERE key NOT GLOB 'origin:*'
             AND transaction_id IN (SELECT transaction_id FROM held)
           GROUP BY transaction_id)
       SELECT held.*, key, (SELECT provider FROM entries WHERE sequence =
           (SELECT sequence FROM legs AS origins
             WHERE open = 0 AND origins.transaction_id = held.origin)) AS originProvider
       FROM held LEFT JOIN claimed USING (transaction_id)`).toArray()}function readClaims(account2,call){return account2.exists(call.tenant,call.account)?account2.store.claimsOf(originKey(call.transactionId)).flatMap(({transactionId,amount,type})=>type===void 0?[]:[{transactionId,
type,amount}]):[]}var version3="shown2";function shownDigest(shown){return digestTuple([version3,...shown.map(encodeShown)])}function encodeShown(shown){return encodeTuple([shown.transactionId,shown.line,shown.type,shown.
bucket,shown.direction,shown.amount,shown.currency,shown.counterparty,shown.origin??null,shown.provider??null,shown.paymentReference??null,shown.payoutReference??null,shown.description??null,encodeEntryMetadata(
shown.metadata),shown.decidedAt])}function readLegs(account2,call){if(!isUnderstood(call))return{ok:!1,problem:"protocol_version"};let exists=account2.exists(call.tenant,call.account),read=id=>exists?readLeg(account2,id):{state:"none"};
return{ok:!0,legs:call.transactionIds.map(read)}}function readLeg({store},transactionId){let leg=readable(()=>store.leg(transactionId));if(leg==="unreadable")return{state:"unreadable"};if(!leg)return{
state:"none"};let{state,fingerprint,lines,origin}=leg,content={state,fingerprint,lines,...origin&&{origin}},last=state==="posted"?store.postedSequence(transactionId):void 0;if(last===void 0)return content;
let entries=readable(()=>store.entriesAfter(last-lines.length,last,lines.length));if(entries==="unreadable")return{...content,posted:{shown:"",anchor:""}};let newest=entries.at(-1);return!newest||entries.
length<lines.length?content:{...content,posted:{shown:shownDigest(entries),anchor:anchorOf(newest.hash)}}}function readable(read){try{return read()}catch(error){if(error instanceof SyntaxError||error instanceof
TypeError)return"unreadable";throw error}}function isFromWrongClock(time,now,aheadMaxMs){return time>now+aheadMaxMs+clockDriftMaxMs}function isDue(time,now,aheadMaxMs){return time<=now||isFromWrongClock(time,now,aheadMaxMs)}function isYoung(since,now,ageMaxMs){
return since<=now&&now-since<ageMaxMs}var unrecordedCodes=["not_found","method_not_allowed","auth_not_configured","rate_limited","unauthenticated","forbidden","overloaded","unsupported_media_type","payload_too_large","malformed_json","val\
idation_failed","idempotency_key_missing","idempotency_key_invalid","same_wallet","transaction_not_found","not_an_authorization","not_reversible","amount_exceeds_authorization","idempotency_key_reused"],
refusalCodes=["wallet_not_found","wallet_frozen","authorization_rejected","original_rejected","authorization_captured","authorization_cancelled","authorization_expired","reversal_exceeds_original","to\
o_many_reversals","duplicate_payment_reference","duplicate_payout_reference","insufficient_funds","balance_limit_exceeded","transaction_expired"],problemCodes=[...unrecordedCodes,...refusalCodes,"inte\
rnal"];function firstRefusal(refusals){let first;for(let refusal of refusals)(!first||refusalCodes.indexOf(refusal.code)<refusalCodes.indexOf(first.code))&&(first=refusal);return first}var holdDelayMinMs=100,holdDelayMaxMs=3200,settleDelayMinMs=1e3,settleDelayMaxMs=300*1e3;function holdDelayMs(round){return Math.min(holdDelayMinMs*2**(round-1),holdDelayMaxMs)}function settleDelayMs(attempt,random){
let delayMs=Math.min(settleDelayMinMs*2**Math.min(attempt-1,30),settleDelayMaxMs);return Math.round(delayMs*(1-random/2))}var attemptsUntilDelayMax=10;function latestAttempts(now){return Array.from({length:attemptsUntilDelayMax+
1},(_,attempts)=>{let delayMs=attempts===0?0:settleDelayMs(attempts,0);return now+Math.max(delayMs,preparingMaxMs)+clockDriftMaxMs})}var initialState="preparing",sagaTransitions=[{from:"preparing",event:"all_yes",to:"committed"},{from:"preparing",event:"some_no",to:"rejected"},{from:"preparing",event:"no_decision",to:"preparing"},{
from:"preparing",event:"expired",to:"rejected"},{from:"committed",event:"unacknowledged",to:"committed"},{from:"committed",event:"acknowledged",to:"settled"},{from:"rejected",event:"unacknowledged",to:"\
rejected"},{from:"rejected",event:"acknowledged",to:"settled"}],sagaCalls={preparing:"hold",committed:"post",rejected:"release"},table={transitions:sagaTransitions,calls:sagaCalls};function transition(from,event,{
transitions}=table){let found=transitions.find(row=>row.from===from&&row.event===event);if(!found)throw new Error(`no transition from ${from} on ${event}`);return found.to}function deadlineFor(createdAt){
return createdAt+preparingMaxMs}function isExpired({state,deadline},now){return state==="preparing"&&deadline!==void 0&&isDue(deadline,now,preparingMaxMs)}function isTooLate({deadline,createdAt}){return deadline!==
void 0&&createdAt!==void 0&&deadline<=createdAt}function tally(votes){let refusal=firstRefusal(votes.flatMap(vote=>vote?.vote==="no"?[vote.refusal]:[]));return refusal?{event:"some_no",refusal}:{event:votes.
length>0&&votes.every(vote=>vote?.vote==="yes")?"all_yes":"no_decision"}}function decisionTime(votes,now){let newest=votes.flatMap(vote=>vote?.vote==="yes"&&vote.newestDecidedAt!==void 0?[vote.newestDecidedAt]:
[]),latest=now+decisionAheadMaxMs,decidedAt=Math.max(now,...newest.filter(time=>time<=latest)),ignored=newest.find(time=>time>latest);return{decidedAt,...ignored!==void 0&&{ignored}}}var expired={event:"\
expired",refusal:{code:"transaction_expired"}};function happened(row,replies,{now,rounds}){if(row.settledAt!==void 0)return{event:"acknowledged"};if(replies?.to==="hold"){let votes=tally(replies.votes);
return votes.event!=="some_no"&&isTooLate(row)?expired:votes}if(replies)return{event:replies.settling.every(reply=>reply?.acknowledged)?"acknowledged":"unacknowledged"};let isAskedOnce=isTooLate(row)&&
rounds===0;return isExpired(row,now)&&!isAskedOnce?expired:void 0}function nextStep(row,replies,time,obeyed=table){let outcome=happened(row,replies,time);if(!outcome)return{step:"call",call:obeyed.calls[row.
state]};let to=transition(row.state,outcome.event,obeyed);if(to==="settled")return{step:"finished"};let{refusal}=outcome;if(to!==row.state){let votes=replies?.to==="hold"&&to==="committed"?replies.votes:
[];return{step:"decide",to,...decisionTime(votes,time.now),...refusal&&{refusal}}}return replies?.to==="hold"?pauseOrLeave(time):{step:"leave",fault:hasFault(replies)}}function pauseOrLeave({now,startedAt,
rounds}){let pauseMs=holdDelayMs(rounds+1);return isYoung(startedAt,now,attemptMaxMs-pauseMs)?{step:"pause",pauseMs}:{step:"leave",fault:!1}}function hasFault(replies){return replies?.settling.some(reply=>reply?.
reason==="fault")??!1}function postpone(row,{fault,now,random}){let attempts=row.attempts+1,delayed=now+settleDelayMs(attempts,random);return{attempts,nextAttemptAt:row.state==="preparing"?Math.min(delayed,
row.deadline??delayed):delayed,stuck:row.stuck||fault||attempts>=attemptsUntilStuck}}function decisionOf(state){switch(state){case"preparing":return"undecided";case"committed":return"commit";case"reje\
cted":return"reject"}}var currentRenderer=2;function deadlineOf(request,createdAt){let operation=operationOf(request),usual=deadlineFor(createdAt);return operation.deadlineOf?operation.deadlineOf(request,usual):usual}function expirationOf({id,tenant,
request,createdAt}){let expiration=operationOf(request).expirationOf?.(id,request,createdAt);if(!expiration)return;let{at,request:sent}=expiration,fingerprint=fingerprintRequest(sent),stored=operationOf(
sent).resolve(sent,"");return{at,submission:{id:expiryIdFor(tenant,id),tenant,fingerprint,request:stored}}}function linesOf(request){let{lines}=operationOf(request).movementOf(request);if(!lines.every(
({amount})=>isAmount(amount)))throw new Error("amount out of range");let flaw=flawOf(lines);if(flaw)throw new Error(`no transaction has such lines: ${flaw}`);return lines}function addressOf({tenant,request},account2){
if(!isOutside(account2))return walletAddress(account2);let payment=operationOf(request).externalPaymentOf(request);if(!payment)throw new Error(`a ${request.type} has no leg outside of the wallets`);return externalAddress(
tenant,payment.provider,referenceOf(payment))}function divideByAccount({lines,claims,origin}){return[...Map.groupBy(lines,({account:account2})=>account2)].map(([account2,own])=>({account:account2,lines:debitsFirst(
own).map(toShownLine),claims:claims.filter(claim=>claim.account===account2).map(toClaim),...origin?.accounts.includes(account2)&&{origin:toOrigin(origin)}}))}function legsOf(transaction){let{id:transactionId,
fingerprint,request,lines}=transaction,{description,metadata}=request,operation=operationOf(request),shared={transactionId,fingerprint,type:request.type,...operation.externalPaymentOf(request),...description!==
void 0&&{description},...metadata!==void 0&&{metadata}};return divideByAccount({...operation.movementOf(request),lines}).map(({account:account2,...own})=>({account:account2,posting:{...shared,...own}}))}
function toShownLine({bucket,direction,amount,currency,counterparty}){return{bucket,direction,amount,currency,counterparty}}function toClaim({key,amount,refusal}){return{key,amount,refusal}}function toOrigin({
transactionId,refusal}){return{transactionId,refusal}}function newTransaction({id,tenant,fingerprint,request},from,now){let deadline=deadlineOf(request,now);return{id,tenant,fingerprint,request,state:initialState,lines:linesOf(request),renderer:currentRenderer,
createdAt:now,...deadline!==void 0&&{deadline},attempts:0,nextAttemptAt:now+attemptMaxMs,stuck:!1,...from}}var SettledNotes=class{#storage;#store;#unwritten=new Map;constructor(storage,store){this.#storage=storage,this.#store=store}note(id,settlement){return this.#unwritten.has(id)?!1:(this.#unwritten.set(
id,settlement),!0)}has(id){return this.#unwritten.has(id)}write(){let ids=[...this.#unwritten.keys()];for(let[id,settlement]of this.#unwritten)this.#store.settle(id,settlement);return ids}forget(written){
for(let id of written)this.#unwritten.delete(id)}flush(){this.#unwritten.size>0&&this.forget(this.#storage.transactionSync(()=>this.write()))}};var overdueMs=2e3,alarmGuardMs=3e4,AlarmClock=class{#storage;#clock;#setFor=null;#learnedAt=Number.NEGATIVE_INFINITY;constructor(storage,clock){this.#storage=storage,this.#clock=clock}async load(){this.#remember(
await this.#storage.getAlarm())}fired(){this.#setFor=null}async arm(time){this.comesBy(time)||await this.armWith(()=>({result:void 0,alarmAt:time}))}async armWith(body){let arming,result=this.#storage.
transactionSync(()=>{let outcome=body(),{alarmAt}=outcome;if(alarmAt!==void 0&&!this.comesBy(alarmAt)){let time=Math.max(alarmAt,this.#clock.now());arming={time,done:this.#storage.setAlarm(time)}}return outcome.
result});if(!arming)return result;this.#remember(arming.time);try{await arming.done}catch(error){throw this.#setFor=null,error}return result}#remember(time){this.#setFor=time,this.#learnedAt=this.#clock.
now()}isSet(){let now=this.#clock.now(),wasPutBack=isFromWrongClock(this.#learnedAt,now,0);return this.#setFor!==null&&this.#setFor>=now-overdueMs&&!wasPutBack}comesBy(time){return this.isSet()&&this.#setFor!==
null&&this.#setFor<=time}};function decisionTimeOf({decidedAt}){if(decidedAt===void 0)throw new Error("what is decided has the time of its decision");return decidedAt}function toTransaction(row){let details=row.details===null?{}:
JSON.parse(row.details);return{id:row.id,tenant:row.tenant,fingerprint:row.fingerprint,state:row.state,request:{...JSON.parse(row.request),...details},lines:JSON.parse(row.lines).map(toAccountLine),renderer:row.
renderer,...row.refusal!==null&&{refusal:JSON.parse(row.refusal)},principal:row.principal,createdAt:row.created_at,...row.decided_at!==null&&{decidedAt:row.decided_at},...row.settled_at!==null&&{settledAt:row.
settled_at},requestId:row.request_id,...row.deadline!==null&&{deadline:row.deadline},attempts:row.attempts,nextAttemptAt:row.next_attempt_at,stuck:row.stuck===1,...row.anchors!==null&&{anchors:JSON.parse(
row.anchors)},...row.nonce!==null&&{nonce:row.nonce}}}function momentsAt(now){return[now,JSON.stringify(latestAttempts(now)),deadlineFor(now)+clockDriftMaxMs]}var TransferLogStore=class{#storage;constructor(storage){
this.#storage=storage}identity(){return this.#storage.sql.exec("SELECT class, shard, shards FROM identity WHERE id = 1").toArray()[0]}insertIdentity(shard,shards){this.#storage.sql.exec("INSERT INTO i\
dentity (id, class, shard, shards) VALUES (1, 'transfer-log', ?, ?)",shard,shards)}find(id){let row=this.#storage.sql.exec("SELECT * FROM transactions WHERE open IN (0, 1, 2) AND id = ?",id).toArray()[0];
return row&&toTransaction(row)}insertPreparing(transaction){let{description,metadata,...request}=transaction.request,hasDetails=description!==void 0||metadata!==void 0;this.#storage.sql.exec(`INSERT I\
NTO transactions (open, id, tenant, fingerprint, state, request, details, lines,
         renderer, principal, request_id, created_at, deadline, attempts, next_attempt_at, stuck,
         nonce)
       VALUES (1, ?, ?, ?, 'preparing', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, ?)`,transaction.id,transaction.tenant,transaction.fingerprint,JSON.stringify(request),hasDetails?JSON.stringify({description,metadata}):
null,JSON.stringify(transaction.lines.map(toAccountTuple)),transaction.renderer,transaction.principal,transaction.requestId,transaction.createdAt,transaction.deadline??null,transaction.nextAttemptAt,transaction.
nonce??null)}decide(id,state,refusal,now){return this.#storage.sql.exec(`UPDATE transactions SET state = ?, refusal = ?, decided_at = ?
       WHERE open = 1 AND id = ? AND state = 'preparing' RETURNING 1 AS decided`,state,refusal?JSON.stringify(refusal):null,now,id).toArray().length===1}insertExpiration(id,expiresAt){this.#storage.sql.
exec("INSERT INTO expirations (expires_at, id) VALUES (?, ?)",expiresAt,id)}deleteExpiration(id,expiresAt){this.#storage.sql.exec("DELETE FROM expirations WHERE expires_at = ? AND id = ?",expiresAt,id)}dueExpirations(now,limit){
return this.#storage.sql.exec(`SELECT id, expires_at AS expiresAt FROM expirations WHERE expires_at <= ?
      ORDER BY expires_at, id LIMIT CAST(? AS INTEGER)`,now,limit).toArray()}hasExpiration(id,expiresAt){return this.#storage.sql.exec("SELECT 1 FROM expirations WHERE expires_at = ? AND id = ?",expiresAt,
id).toArray().length>0}nextExpirationAt(){return this.#storage.sql.exec("SELECT expires_at AS time FROM expirations ORDER BY expires_at, id LIMIT 1").toArray()[0]?.time}nextTransactionAt(now){let times=[
this.nextDueAt(now),this.nextExpirationAt()].filter(at=>at!==void 0);return times.length===0?void 0:Math.min(...times)}settle(id,{settledAt,anchors}){this.#storage.sql.exec(`UPDATE transactions SET op\
en = 0, settled_at = ?, anchors = ?, stuck = 0
       WHERE open = 1 AND id = ?`,settledAt,anchors?JSON.stringify(anchors):null,id)}postpone(id,{attempts,nextAttemptAt,stuck}){this.#storage.sql.exec(`UPDATE transactions SET attempts = ?, next_atte\
mpt_at = ?, stuck = ?
       WHERE open = 1 AND id = ?`,attempts,nextAttemptAt,stuck?1:0,id)}due(now,limit){return this.#storage.sql.exec(`SELECT * FROM transactions WHERE open = 1 AND (next_attempt_at <= ?1
           OR next_attempt_at >
             json_extract(?2, '$[' || min(attempts, json_array_length(?2) - 1) || ']')
           OR (state = 'preparing' AND (deadline <= ?1 OR deadline > ?3)))
         ORDER BY created_at, id LIMIT CAST(?4 AS INTEGER)`,...momentsAt(now),limit).toArray().map(toTransaction)}nextDueAt(now){let[first]=this.#storage.sql.exec(`SELECT min(CASE WHEN (next_attempt_a\
t <= ?1
           OR next_attempt_at >
             json_extract(?2, '$[' || min(attempts, json_array_length(?2) - 1) || ']')
           OR (state = 'preparing' AND (deadline <= ?1 OR deadline > ?3)))
           THEN ?1 ELSE next_attempt_at END) AS time
         FROM transactions WHERE open = 1`,...momentsAt(now)).toArray();return first?.time??void 0}unsettled(tenant,createdUntil,now,limit){return this.#storage.sql.exec(`SELECT * FROM transactions
         WHERE open = 1 AND tenant = ? AND (created_at <= ? OR created_at > ?)
         ORDER BY created_at, id LIMIT CAST(? AS INTEGER)`,tenant,createdUntil,now+clockDriftMaxMs,limit).toArray().map(toTransaction)}oldestToClean(){return this.#storage.sql.exec(`SELECT settled_at \
AS time FROM transactions
         WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL
         ORDER BY settled_at LIMIT 1`).toArray()[0]?.time}clean(until,limit){this.#storage.sql.exec(`UPDATE transactions SET details = NULL WHERE open IN (0, 2) AND id IN (
         SELECT id FROM transactions
         WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL
           AND settled_at <= ?
         ORDER BY settled_at LIMIT CAST(? AS INTEGER))`,until,limit)}};function toRecord(stored){let{requestId:_requestId,deadline:_deadline,attempts:_attempts,nextAttemptAt:_nextAttemptAt,stuck:_stuck,anchors:_anchors,nonce:_nonce,...record}=stored;return record}function legIn(found,account2){
let legs=legsOf(found),index=legs.findIndex(leg2=>addressOf(found,leg2.account).id===account2),leg=legs[index];return leg&&{leg,index}}function answerTo(found,asked){if(found?.tenant!==asked.tenant||found.
fingerprint!==asked.fingerprint)return{decision:"fault"};let posting=legIn(found,asked.account)?.leg.posting;if(!posting)return{decision:"fault"};let decision=decisionOf(found.state);switch(decision){case"\
undecided":return{decision};case"reject":return{decision,posting};case"commit":return{decision,posting,decidedAt:decisionTimeOf(found)}}}function toUnsettled(transaction){return{id:transaction.id,type:transaction.
request.type,state:transaction.state,stuck:transaction.stuck,attempts:transaction.attempts,createdAt:transaction.createdAt,...transaction.decidedAt!==void 0&&{decidedAt:transaction.decidedAt},nextAttemptAt:transaction.
nextAttemptAt}}function legRecordOf(found,asked){if(found?.tenant!==asked.tenant)return null;let own=legIn(found,asked.account);if(!own)return null;let anchor=found.anchors?.[own.index];return{state:found.
state,settled:found.settledAt!==void 0,posting:own.leg.posting,...found.decidedAt!==void 0&&{decidedAt:found.decidedAt},...found.refusal&&{refusal:found.refusal},...typeof anchor=="string"&&{anchor}}}var system={principal:"system",requestId:"alarm"},Expirations=class{name="expire";#parts;constructor(parts){this.#parts=parts}dueAt(){return this.#parts.store.nextExpirationAt()}async run(){let{store,
alarm,clock}=this.#parts,due=store.dueExpirations(clock.now(),alarmBatchMax);due.length>0&&await alarm.arm(clock.now()+alarmGuardMs),await Promise.all(due.map(one=>this.#end(one)))}async#end(due){let{
store,alarm,runner,clock}=this.#parts,origin=store.find(due.id),ending=origin&&expirationOf(origin)?.submission;if(!ending)throw new Error(`nothing is known of the end of ${due.id}`);let hasEnd=await this.#hasEnd(
due.id,ending),recorded=await alarm.armWith(()=>{if(store.deleteExpiration(due.id,due.expiresAt),hasEnd||store.find(ending.id))return{result:void 0};let result=newTransaction(ending,system,clock.now());
return store.insertPreparing(result),{result,alarmAt:result.nextAttemptAt}});recorded&&await runner.advance(recorded,recorded.requestId)}async#hasEnd(transactionId,ending){let{accounts,log}=this.#parts,
{tenant}=ending,legs=legsOf({...ending,lines:linesOf(ending.request)}),{requestId:requestId2}=system,readings=legs.map(({account:account2,posting})=>{let address=addressOf(ending,account2),about={protocol:versionToSay(
posting),requestId:requestId2,tenant,account:address.id,transactionId};return accounts(tenant,address).readClaims(about)});try{return(await Promise.all(readings)).flat().length>0}catch(error){let detail=describeError(
error);return log("warn",{event:"call_failed",requestId:requestId2,target:`end of ${ending.id}`,detail}),!1}}};var alarmSpacingMs=100,AlarmJobs=class{#parts;#jobs;#failedUntil=new Map;constructor(parts){this.#parts=parts,this.#jobs=[this.#driveJob(),new Expirations(parts),this.#cleanUpJob(),parts.scrub]}async recover(){
let{alarm,schema,scrub}=this.#parts;try{if(await alarm.load(),!schema.exists())return;scrub.plan(),await this.#armNext()}catch(error){this.#logFailure(error)}}armSoon(){let{alarm,clock}=this.#parts;alarm.
arm(clock.now()).catch(error=>this.#logFailure(error))}async run(){this.#parts.alarm.fired();try{this.#parts.schema.exists()&&await this.#runJobs()}catch(error){this.#logFailure(error),await this.#parts.
alarm.arm(this.#parts.clock.now()+alarmGuardMs)}}async#runJobs(){this.#parts.notes.flush();for(let job of this.#jobs)await this.#runJob(job);await this.#armNext()}async#runJob(job){if(!((this.#failedUntil.
get(job.name)??0)>this.#parts.clock.now()))try{await job.run(),this.#failedUntil.delete(job.name)}catch(error){this.#failedUntil.set(job.name,this.#parts.clock.now()+alarmGuardMs),this.#logFailure(error,
job.name)}}#driveJob(){let{store,alarm,runner,notes,clock}=this.#parts;return{name:"drive",dueAt:()=>store.nextDueAt(clock.now()),run:async()=>{let now=clock.now(),due=store.due(now,alarmBatchMax);due.
length>0&&await alarm.arm(now+alarmGuardMs),await Promise.all(due.map(one=>runner.advance(one,one.requestId))),notes.flush()}}}#cleanUpJob(){let{store,clock}=this.#parts,dueAt=()=>{let oldest=store.oldestToClean();
return oldest===void 0?void 0:oldest+rejectedDetailsMaxMs};return{name:"clean-up",dueAt,run:()=>{let now=clock.now();(dueAt()??1/0)<=now&&store.clean(now-rejectedDetailsMaxMs,cleanBatchMax)}}}#dueAt(job){
return Math.max(job.dueAt()??1/0,this.#failedUntil.get(job.name)??0)}async#armNext(){let next=Math.min(...this.#jobs.map(job=>this.#dueAt(job))),earliest=this.#parts.clock.now()+alarmSpacingMs;next<1/0&&
await this.#parts.alarm.arm(Math.max(next,earliest))}#logFailure(error,job){let target=job===void 0?"transfer-log":`transfer-log ${job}`,detail=describeError(error);this.#parts.log("error",{event:"ala\
rm_failed",requestId:"alarm",target,detail})}};var TransferLogReads=class{#parts;constructor(parts){this.#parts=parts}ask(call){if(!isUnderstood(call))return{ok:!1,problem:"protocol_version"};let now=this.#parts.clock.now(),found=call.questions.map(
({transactionId})=>this.#find(transactionId)),answers=call.questions.map((question,index)=>this.#answer(question,found[index],call));return answers.some(({decision},index)=>{let asked=found[index];return decision===
"undecided"&&asked&&isExpired(asked,now)})&&this.#parts.onOverdue(),{ok:!0,answers}}#find(transactionId){let{schema,store}=this.#parts;return schema.exists()?store.find(transactionId):void 0}#answer(question,found,call){
let{transactionId,fingerprint}=question,{tenant,account:account2,requestId:requestId2}=call,answer=answerTo(found,{tenant,account:account2,fingerprint});if(answer.decision==="fault"){let line={event:"\
integrity_fault",requestId:requestId2,transactionId,account:account2,detail:"an account holds a leg that its log does not know"};this.#parts.log("error",line)}return answer}find(call){this.#parts.notes.
flush();let found=this.#find(call.transactionId);return found?.tenant!==call.tenant?{ok:!1,problem:"not_found"}:(this.#isLate(found)&&this.#parts.onOverdue(),{ok:!0,transaction:toRecord(found)})}#isLate(found){
let{store,clock}=this.#parts,{at}=expirationOf(found)??{};return at!==void 0&&at<=clock.now()&&store.hasExpiration(found.id,at)}unsettled({tenant,createdUntil}){let{schema,store,notes,clock}=this.#parts;
if(notes.flush(),!schema.exists())return[];let now=clock.now();return[...store.unsettled(tenant,createdUntil,now,unsettledPerShardMax),...this.#overdue(tenant,createdUntil,now)].toSorted((one,other)=>one.
createdAt-other.createdAt).slice(0,unsettledPerShardMax).map(toUnsettled)}#overdue(tenant,createdUntil,now){let{store}=this.#parts;return store.dueExpirations(now,unsettledPerShardMax).flatMap(({id})=>store.
find(id)??[]).filter(one=>one.tenant===tenant&&one.createdAt<=createdUntil).filter(({settledAt})=>settledAt!==void 0)}legRecords({tenant,account:account2,transactionIds}){return this.#parts.notes.flush(),
transactionIds.map(id=>legRecordOf(this.#find(id),{tenant,account:account2}))}};function compareWithItself({lines,request}){if(flawOf(lines))return"unbalanced";let due=linesOf(request);return due.length===lines.length&&due.every((line,index)=>{let found=lines[index];return found?.
account===line.account&&found.counterparty===line.counterparty&&isSameLine(line,found)})?void 0:"lines_differ_from_request"}function compareWithAccount(transaction,{posting},reading,anchor){let{state,
decidedAt,settledAt}=transaction,committed=state==="committed";if(reading.state==="unreadable")return"unreadable_leg";if(reading.state==="none")return committed?"missing_leg":void 0;let{transactionId}=posting;
if(differenceOf({...reading,transactionId},posting))return"different_leg";if(!committed)return reading.state==="posted"?"posted_without_commit":void 0;switch(reading.state){case"void":return"void_leg";case"\
held":return settledAt===void 0?void 0:"unposted_leg";case"posted":{let{posted}=reading;return posted?decidedAt===void 0||posted.shown!==shownDigest(shownOf(posting,decidedAt))?"different_entry":anchor===
null||anchor===posted.anchor?void 0:"different_anchor":"missing_entry"}}}function firstScrub(now){return{round:0,cursor:null,startedAt:null,endedAt:null,batchAt:null,nextAt:now+scrubIntervalMs,tries:0,
checked:0,skipped:0}}function scrubDueAt({nextAt,cursor},now){return isFromWrongClock(nextAt,now,cursor===null?scrubIntervalMs:scrubSpacingMs)?now:nextAt}function beginBatch(progress,now){let{cursor}=progress,
claimed={...progress,batchAt:now,nextAt:now+scrubSpacingMs};if(cursor!==null)return{...claimed,cursor};let round={round:progress.round+1,cursor:"",startedAt:now};return{...claimed,...round,tries:0,checked:0,
skipped:0}}function endBatch(progress,batch,now){let{last,transactions,unasked}=batch;if(unasked>0&&progress.tries+1<scrubTriesMax)return{...progress,tries:progress.tries+1};let checked=progress.checked+
transactions-unasked,skipped=progress.skipped+unasked,next={...progress,cursor:last,tries:0,checked,skipped};if(last!==null)return next;let startedAt=progress.startedAt??now;return{...next,endedAt:now,
nextAt:Math.max(startedAt+scrubIntervalMs,next.nextAt)}}function hurry(progress,now){if(progress.cursor!==null)return progress;let earliest=progress.batchAt===null?now:progress.batchAt+scrubSpacingMs,
nextAt=isFromWrongClock(earliest,now,scrubSpacingMs)?now:Math.max(now,earliest);return{...progress,nextAt:Math.min(progress.nextAt,nextAt)}}var requestId="scrub",ScrubBatch=class{findings=[];transactions;#parts;#accounts=new Map;#unanswered=new Set;#ended=!1;constructor(rows,parts){this.#parts=parts,this.transactions=rows.length;for(let row of rows)
this.#take(row)}get unasked(){return new Set([...this.#unanswered].map(({transaction})=>transaction.id)).size}#take({id:transactionId,tenant,transaction}){let find=kind=>{let about={tenant,transactionId,
account:"",kind};this.findings.push({...about,...transaction&&{seen:transaction}})};try{if(!transaction)throw new Error("unreadable");let kind=compareWithItself(transaction);kind&&find(kind);let asked=legsOf(
transaction).map((leg,index)=>({address:addressOf(transaction,leg.account),about:{transaction,leg,anchor:transaction.anchors?.[index]??null}}));for(let{address,about}of asked)this.#ask(address,about)}catch{
find("unreadable_transaction")}}#ask(address,asked){let{tenant}=asked.transaction,name=`${tenant} ${address.class} ${address.id}`,account2=this.#accounts.get(name)??{tenant,address,legs:[]};account2.legs.
push(asked),this.#accounts.set(name,account2),this.#unanswered.add(asked)}async run(){let queue=[...this.#accounts.values()],worker=async()=>{for(let one=queue.shift();one&&!this.#ended;one=queue.shift())
await this.#askAccount(one)},workers=Promise.all(Array.from({length:scrubAccountsAtOnce},worker));await withTimeout(this.#parts.clock,workers,scrubBatchMaxMs),this.#ended=!0}async#askAccount({tenant,address,
legs}){let{accounts,log}=this.#parts,transactionIds=legs.map(({transaction})=>transaction.id),call={protocol:protocolVersions.before,requestId,tenant,account:address.id};try{let result=await accounts(
tenant,address).readLegs({...call,transactionIds});if(!result.ok)throw new Error(result.problem);if(this.#ended)return;for(let[index,asked]of legs.entries())this.#compare(asked,result.legs[index])}catch(error){
let detail=describeError(error);log("warn",{event:"call_failed",target:address.id,detail})}}#compare(asked,reading){if(!reading)throw new Error("a leg is not answered");let{transaction,leg,anchor}=asked,
kind=compareWithAccount(transaction,leg,reading,anchor);if(this.#unanswered.delete(asked),!kind)return;let{tenant,id:transactionId}=transaction,{account:account2}=leg;this.findings.push({tenant,transactionId,
account:account2,kind,seen:transaction})}};function toReadTransaction(row){let{id,tenant}=row;try{return{id,tenant,transaction:toTransaction(row)}}catch{return{id,tenant,transaction:void 0}}}var ScrubStore=class{#storage;constructor(storage){this.#storage=
storage}transactionsAfter(after,limit){return this.#storage.sql.exec(`SELECT * FROM (SELECT * FROM transactions WHERE open = 0 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         UNION ALL SELECT * FROM (SELECT * FROM transactions WHERE open = 1 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         UNION ALL SELECT * FROM (SELECT * FROM transactions WHERE open = 2 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         ORDER BY id LIMIT CAST(?2 AS INTEGER)`,after,limit).toArray().map(toReadTransaction)}progress(){return this.#storage.sql.exec(`SELECT round, cursor, started_at AS startedAt, ended_at AS ended\
At, batch_at AS batchAt,
           next_at AS nextAt, tries, checked, skipped FROM scrub WHERE id = 1`).toArray()[0]}save(progress){let{round,cursor,startedAt,endedAt,batchAt,nextAt}=progress;this.#storage.sql.exec(`INSERT I\
NTO scrub (id, round, cursor, started_at, ended_at, batch_at, next_at, tries,
         checked, skipped) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET round = excluded.round, cursor = excluded.cursor,
         started_at = excluded.started_at, ended_at = excluded.ended_at,
         batch_at = excluded.batch_at, next_at = excluded.next_at, tries = excluded.tries,
         checked = excluded.checked, skipped = excluded.skipped`,round,cursor,startedAt,endedAt,batchAt,nextAt,progress.tries,progress.checked,progress.skipped)}request(id){return this.#storage.sql.exec(
"SELECT nonce FROM scrub_requests WHERE id = ?",id).toArray()[0]}insertRequest(command,now){this.#storage.sql.exec(`INSERT INTO scrub_requests (id, tenant, principal, requested_at, nonce)
       VALUES (?, ?, ?, ?, ?)`,command.scrubId,command.tenant,command.principal,now,command.nonce??null)}noteDifference(found,round,now){let{tenant,transactionId,account:account2,kind}=found,key=[tenant,
transactionId,account2,kind];this.#storage.sql.exec(`UPDATE scrub_differences SET last_found_at = ?, last_round = ?
       WHERE tenant = ? AND transaction_id = ? AND account = ? AND kind = ? RETURNING 1 AS seen`,now,round,...key).toArray().length>0||this.#storage.sql.exec(`INSERT INTO scrub_differences (tenant, tr\
ansaction_id, account, kind, first_found_at,
         last_found_at, last_round) VALUES (?, ?, ?, ?, ?, ?, ?)`,...key,now,now,round)}differences(tenant,limit){return this.#storage.sql.exec(`SELECT transaction_id AS transactionId, account, kind, \
first_found_at AS firstFoundAt,
           last_found_at AS lastFoundAt
         FROM scrub_differences WHERE tenant = ?
         ORDER BY last_found_at DESC, transaction_id, account, kind LIMIT CAST(? AS INTEGER)`,tenant,limit).toArray().map(({account:account2,...row})=>({...row,...account2!==""&&{account:account2}}))}countDifferences(tenant){
return this.#storage.sql.exec("SELECT count(*) AS count FROM scrub_differences WHERE tenant = ?",tenant).toArray()[0]?.count??0}};var LogScrub=class{name="scrub";#parts;#store;#log;constructor(parts){this.#parts=parts,this.#store=new ScrubStore(parts.storage),this.#log=workLog(parts.log,requestId)}plan(){this.#store.progress()||
this.#store.save(firstScrub(this.#parts.clock.now()))}dueAt(){let progress=this.#store.progress();return progress&&scrubDueAt(progress,this.#parts.clock.now())}async run(){let{alarm,clock,notes}=this.#parts,
now=clock.now(),progress=this.#store.progress();if(!progress||scrubDueAt(progress,now)>now)return;let begun=beginBatch(progress,now);await alarm.armWith(()=>(this.#store.save(begun),{result:void 0,alarmAt:begun.
nextAt})),notes.flush();let rows=this.#store.transactionsAfter(begun.cursor,scrubBatchMax),batch=new ScrubBatch(rows,{...this.#parts,log:this.#log});await batch.run(),begun.cursor===""&&batch.findings.
push(...this.#findInSchema(rows)),this.#end(begun,batch,rows.length<scrubBatchMax?null:rows.at(-1)?.id??null)}#findInSchema([first]){let{storage,migrations}=this.#parts;if(!first||differingDeclaration(
storage,migrations)===void 0)return[];let{tenant,id:transactionId}=first;return[{tenant,transactionId,account:"",kind:"wrong_schema"}]}#end(begun,batch,last){let{storage,clock,store}=this.#parts,findings=batch.
findings.filter(({seen,transactionId})=>{let now=seen&&store.find(transactionId);return!now||now.state===seen.state&&now.settledAt===seen.settledAt});storage.transactionSync(()=>{let now=clock.now();for(let finding of findings)
this.#store.noteDifference(finding,begun.round,now);let{transactions,unasked}=batch;this.#store.save(endBatch(begun,{last,transactions,unasked},now))});for(let finding of findings)this.#report(finding)}#report({
transactionId,account:account2,kind}){let about=account2===""?{transactionId}:{transactionId,account:account2};this.#log("error",{event:"integrity_fault",...about,detail:`scrub: ${kind}`})}async start(command){
let{schema,alarm,clock}=this.#parts;return schema.exists()?alarm.armWith(()=>{let known=this.#store.request(command.scrubId);if(known)return{result:isReplay(command.nonce,known.nonce??void 0)?"known":
"started"};let now=clock.now(),progress=hurry(this.#store.progress()??firstScrub(now),now);return this.#store.insertRequest(command,now),this.#store.save(progress),{result:"started",alarmAt:progress.nextAt}}):
"empty"}status({tenant}){let progress=this.#parts.schema.exists()?this.#store.progress():void 0;if(!progress)return null;let{cursor,startedAt,endedAt,nextAt,skipped}=progress;return{running:cursor!==null,
progress:cursor===null?1:placeInShard(cursor),startedAt,endedAt,nextAt,incomplete:skipped>0,differences:this.#store.differences(tenant,scrubDifferencesShownMax),differenceCount:this.#store.countDifferences(
tenant)}}};function holdOrder(legs){let claiming=[...legs.entries()].filter(([,{posting}])=>posting.claims.length>0).toSorted(([,one],[,other])=>compare(one.account,other.account)).map(([place])=>place),[first]=claiming;
return[...legs.keys()].filter(place=>place===first||!claiming.includes(place)).map(place=>place===first?claiming:[place])}function compare(one,other){return isOutside(one)!==isOutside(other)?isOutside(
one)?1:-1:one<other?-1:1}var LegCalls=class{#parts;#legs;#order;constructor(transaction,legs,requestId2,parts){let{tenant}=transaction;this.#parts=parts,this.#legs=legs.map(({account:account2,posting})=>{let address=addressOf(
transaction,account2),about={protocol:versionToSay(posting),requestId:requestId2,tenant,account:address.id,posting};return{account:parts.accounts(tenant,address),about}});let called=place=>this.#legs[place]??
[];this.#order=holdOrder(legs).map(places=>places.flatMap(called))}async make(call,row){switch(call){case"hold":return{to:call,votes:await this.#requestHolds()};case"post":{let decidedAt=decisionTimeOf(
row),settling=this.#settle(leg=>leg.account.post({...leg.about,decidedAt}));return{to:call,settling:await settling}}case"release":{let settling=this.#settle(leg=>leg.account.release(leg.about));return{
to:call,settling:await settling}}}}#requestHolds(){return new Promise(resolve=>{let votes=new Map,stopWaiting,isOver=!1,finish=()=>{isOver=!0,stopWaiting?.(),resolve(this.#legs.map(leg=>votes.get(leg)))},
ask=async legs=>{for(let leg of legs){let vote=await this.#call(leg,({account:account2,about})=>account2.hold(about));if(vote&&votes.set(leg,vote),vote?.vote==="no"&&(stopWaiting??=this.#parts.clock.after(
otherVotesMaxMs,finish)),vote?.vote!=="yes"||isOver)return}};Promise.all(this.#order.map(ask)).then(finish)})}#settle(call){return Promise.all(this.#legs.map(leg=>this.#call(leg,call)))}async#call(leg,call){
try{return await call(leg)}catch(error){let{requestId:requestId2,account:target}=leg.about,detail=describeError(error);this.#parts.log("warn",{event:"call_failed",requestId:requestId2,target,detail});
return}}};function anchorsOf(replies){if(!replies||replies.to==="hold")return;let anchors=replies.settling.map(reply=>reply?.acknowledged&&reply.entryHash!==void 0?anchorOf(reply.entryHash):null);return anchors.
some(anchor=>anchor!==null)?anchors:void 0}var Attempt=class{#parts;#requestId;#log;#startedAt;#row;constructor(row,{requestId:requestId2,startedAt},parts){this.#row=row,this.#requestId=requestId2,this.#log=
workLog(parts.log,requestId2),this.#startedAt=startedAt,this.#parts=parts}async run(){try{await this.#walk()}catch(error){this.#logFailure(error),await this.#leave(!1).catch(again=>this.#logFailure(again))}}async#walk(){
let{clock}=this.#parts,calls=new LegCalls(this.#row,legsOf(this.#row),this.#requestId,this.#parts),replies;for(let rounds=0;;){let step=this.#nextStep(replies,rounds);switch(step.step){case"call":replies=
await calls.make(step.call,this.#row);continue;case"decide":await this.#decide(step);break;case"pause":await sleep(clock,step.pauseMs),this.#row=this.#read(),rounds+=1;break;case"leave":return this.#leave(
step.fault);case"finished":return this.#finish(anchorsOf(replies))}replies=void 0}}#nextStep(replies,rounds){let now=this.#parts.clock.now();return nextStep(this.#row,replies,{now,startedAt:this.#startedAt,
rounds})}#read(){let transaction=this.#parts.store.find(this.#row.id);if(!transaction)throw new Error("no such transaction");return transaction}async#decide(step){let{to,refusal,decidedAt,ignored}=step,
seen=this.#row;ignored!==void 0&&this.#logClockAhead(ignored);let expiration=to==="committed"?expirationOf(seen):void 0,decide=()=>this.#parts.store.decide(seen.id,to,refusal,decidedAt);(expiration?await this.#decideUntil(
expiration.at,decide):decide())?(this.#logSaga(to),this.#row={...seen,state:to,decidedAt,...refusal&&{refusal}}):this.#row=this.#read()}#decideUntil(expiresAt,decide){let{store,alarm,clock}=this.#parts;
return alarm.armWith(()=>{let result=decide();if(!result)return{result};store.insertExpiration(this.#row.id,expiresAt);let next=alarm.isSet()?void 0:store.nextTransactionAt(clock.now());return{result,
alarmAt:Math.min(expiresAt,next??expiresAt)}})}#finish(anchors){let{notes,clock,onSettled}=this.#parts,{id,settledAt}=this.#row;if(settledAt===void 0){let settlement={settledAt:clock.now(),...anchors&&
{anchors}};notes.note(id,settlement)&&this.#logSaga("settled")}onSettled(this.#row)}async#leave(fault){let{store,alarm,notes,clock,random}=this.#parts,{id}=this.#row,left=await alarm.armWith(()=>{let row=store.
find(id),isDone=row?.settledAt!==void 0||notes.has(id);if(!row||isDone)return{result:void 0};let later=postpone(row,{fault,now:clock.now(),random:random()});store.postpone(id,later);let{attempts,nextAttemptAt:time}=later,
alarmAt=alarm.isSet()?time:store.nextTransactionAt(clock.now())??time;return{result:{attempts,becameStuck:later.stuck&&!row.stuck},alarmAt}});left?.becameStuck&&this.#logStuck(left.attempts)}#logSaga(to){
let{id:transactionId,state:from,attempts}=this.#row,attempt=attempts+1;this.#log("info",{event:"saga",transactionId,from,to,attempt})}#logClockAhead(ignored){let detail=`an account's newest decision i\
s of the future: ${ignored} ms since the epoch`;this.#log("error",{event:"clock_ahead",transactionId:this.#row.id,detail})}#logStuck(attempts){let detail=`not settled after ${attempts} attempts`;this.#log(
"error",{event:"stuck",transactionId:this.#row.id,detail})}#logFailure(error){let detail=describeError(error);this.#log("error",{event:"unhandled",target:`advance ${this.#row.id}`,detail})}};var SagaRunner=class{#parts;#attempts=new Map;#waiting=new Map;constructor(parts){this.#parts={...parts,onSettled:settled=>this.#announce(settled)}}get inProgress(){return this.#attempts.size}advance(transaction,requestId2){
let{id}=transaction,now=this.#parts.clock.now(),running=this.#attempts.get(id);if(running&&isYoung(running.startedAt,now,attemptMaxMs))return running.done;let done=new Attempt(transaction,{requestId:requestId2,
startedAt:now},this.#parts).run().finally(()=>{this.#attempts.get(id)?.done===done&&this.#attempts.delete(id)});return this.#attempts.set(id,{startedAt:now,done}),done}whenSettled(id){let{promise,resolve}=Promise.
withResolvers(),waiters=this.#waiting.get(id)??new Set;return this.#waiting.set(id,waiters.add(resolve)),{settled:promise,forget:()=>{waiters.delete(resolve),waiters.size===0&&this.#waiting.get(id)===
waiters&&this.#waiting.delete(id)}}}#announce(settled){for(let resolve of this.#waiting.get(settled.id)??[])resolve(settled);this.#waiting.delete(settled.id)}};function recognise(known,{tenant,fingerprint}){return known.tenant===tenant&&known.fingerprint===fingerprint?{transaction:known,created:!1}:{problem:"idempotency_key_reused"}}var TransferLogCore=class{scrub;reads;alarmJobs;#parts;#store;#alarm;#runner;#schema;#notes;#identity;constructor(parts){
this.#parts=parts,this.#schema=new Schema(parts.storage,parts.migrations),this.#store=new TransferLogStore(parts.storage),this.#alarm=new AlarmClock(parts.storage,parts.clock),this.#notes=new SettledNotes(
parts.storage,this.#store);let own={store:this.#store,schema:this.#schema,alarm:this.#alarm,notes:this.#notes};this.#runner=new SagaRunner({...parts,...own}),this.scrub=new LogScrub({...parts,...own});
let jobs={runner:this.#runner,scrub:this.scrub};this.alarmJobs=new AlarmJobs({...parts,...own,...jobs}),this.reads=new TransferLogReads({...parts,...own,onOverdue:()=>this.alarmJobs.armSoon()})}async submit(call){
if(!isUnderstood(call))return{outcome:"refused",problem:"overloaded"};let{requestId:requestId2}=call,recording=await this.#record(call);if("problem"in recording)return{outcome:"refused",problem:recording.
problem};let{transaction:recorded,created:isNew}=recording,{id}=recorded,replayed=!isNew&&isReplay(call.nonce,recorded.nonce);if(isNew){let created={from:"absent",to:initialState,attempt:1};this.#parts.
log("info",{event:"saga",requestId:requestId2,transactionId:id,...created})}let settled=recorded.settledAt!==void 0?recorded:await this.#settle(recorded,requestId2),{settledAt:_,...transaction}=toRecord(
settled??this.#get(id));return{outcome:settled?"settled":"pending",transaction,replayed}}async#settle(recorded,requestId2){let{id}=recorded,{settled,forget}=this.#runner.whenSettled(id);this.#runner.advance(
recorded,requestId2);let outcome=await withTimeout(this.#parts.clock,settled,answerWaitMaxMs);if(forget(),outcome!==timedOut)return outcome;let row=this.#get(id);return row.settledAt!==void 0||this.#notes.
has(id)?row:void 0}async#record(call){let{submission}=call,{id}=submission;return this.#schema.exists()&&this.#checkShard(id),this.#write(()=>{this.#schema.exists()||this.#createShard(logShardOf(id));
let known=this.#store.find(id);if(known)return{result:recognise(known,submission),...this.#lostAlarm()};if(this.#isFull())return{result:{problem:"overloaded"},...this.#lostAlarm()};let transaction=this.#insert(
call),{nextAttemptAt:alarmAt}=transaction;return{result:{transaction,created:!0},alarmAt,...this.#lostAlarm()}})}#isFull(){return this.#runner.inProgress>=transactionsInProgressMax||this.#parts.storage.
sql.databaseSize>logBytesMax}async#write(body){let written=[],write=()=>(written=this.#notes.write(),body());try{let result=this.#isAlarmSet()?await this.#armAfter(write()):await this.#alarm.armWith(write);
return this.#notes.forget(written),result}catch(error){throw this.#schema.rolledBack(),this.#identity=void 0,error}}#isAlarmSet(){return this.#schema.isCurrent&&this.#alarm.comesBy(this.#parts.clock.now()+
attemptMaxMs)}async#armAfter({result,alarmAt}){return alarmAt!==void 0&&await this.#alarm.arm(alarmAt),result}#lostAlarm(){if(this.#alarm.isSet())return{};let next=this.#store.nextTransactionAt(this.#parts.
clock.now());return next===void 0?{}:{alarmAt:next}}#insert({submission,principal,requestId:requestId2,nonce}){let from={principal,requestId:requestId2,...nonce!==void 0&&{nonce}},transaction=newTransaction(
submission,from,this.#parts.clock.now());return this.#store.insertPreparing(transaction),transaction}#checkShard(id){this.#identity??=this.#store.identity();let own={class:"transfer-log",shard:logShardOf(
id),shards:shardCount};assertIdentity(this.#identity,own)}#createShard(shard){assertObjectName(this.#parts.objectName,logObjectName(shard)),this.#schema.create(),this.#store.insertIdentity(shard,shardCount),
this.scrub.plan()}#get(id){let transaction=this.#store.find(id);if(!transaction)throw new Error("a recorded transaction is gone");return transaction}};var CallFailed=class extends Error{failure;constructor(failure,cause){super(cause instanceof Error?cause.message:String(cause)),this.name=`CallFailed(${failure})`,this.failure=failure}};var edgeWaitMaxMs=2*callMaxMs;function countsAsSpending({type}){return isOperationType(type)&&operationOf({type}).countsAsSpending}var LedgerTally=class{#sums=new Map;#moved=new Set;#decidedAt=0;#lag=0;add(entry){let{currency,bucket,
direction,amount,decidedAt,createdAt}=entry,sums=this.#sums.get(currency)??{available:0n,reserved:0n,debited:0n},exact=BigInt(amount);sums[bucket]+=direction==="credit"?exact:-exact,direction==="debit"&&
bucket==="available"&&countsAsSpending(entry)&&(sums.debited+=exact),this.#sums.set(currency,sums),this.#moved.add(currency),this.#decidedAt=Math.max(this.#decidedAt,decidedAt),this.#lag=Math.max(this.#lag,
createdAt-decidedAt)}exceededByLeg(){let moved=[...this.#moved].flatMap(currency=>this.#sums.get(currency)??[]);return this.#moved.clear(),moved.some(({available,reserved})=>available<0n||reserved<0n)?
"negative_balance":moved.some(({available,reserved})=>available+reserved>amountMax)?"balance_limit_exceeded":void 0}equals({sums,decidedAt,lag}){return!isObject(sums)||decidedAt!==this.#decidedAt||lag!==
this.#lag||Object.keys(sums).length!==this.#sums.size?!1:[...this.#sums].every(([currency,own])=>{let one=sums[currency];return isObject(one)&&Object.keys(one).length===3&&one.available===Number(own.available)&&
one.reserved===Number(own.reserved)&&one.debited===String(own.debited)})}};var WalletAuditStore=class{#storage;constructor(storage){this.#storage=storage}checkpoints(after,last){let rows=this.#storage.sql.exec(`SELECT sequence, sums, decided_at AS decidedAt, lag FROM checkpo\
ints
         WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)`,after,last).toArray();return new Map(rows.map(({sequence,sums,...row})=>[sequence,{...row,sums:parseCanonical(sums)}]))}strayCheckpoint(){
return this.#storage.sql.exec(`SELECT sequence FROM checkpoints
         WHERE sequence < 1 OR sequence > (SELECT coalesce(max(sequence), 0) FROM entries)
         ORDER BY sequence LIMIT 1`).toArray()[0]?.sequence}profilesAfter(version4,limit){return this.#storage.sql.exec(`SELECT version, fingerprint, name, email, metadata, external_id AS externalId, \
renderer,
           created_at AS createdAt, erased_at AS erasedAt
         FROM profiles WHERE version > CAST(? AS INTEGER)
         ORDER BY version LIMIT CAST(? AS INTEGER)`,version4,limit).toArray()}freezesAfter(id,limit){return this.#storage.sql.exec(`SELECT id, scope, freeze_id AS freezeId, fingerprint, reason, princi\
pal, renderer,
           created_at AS createdAt
         FROM freezes WHERE id > CAST(? AS INTEGER) ORDER BY id LIMIT CAST(? AS INTEGER)`,id,limit).toArray()}};var openingMaxMs=1e3,WalletRules=class{shards=null;#store;#tally=new LedgerTally;#checkpoints=new Map;#loadedUpTo=0;checkpoints=0;freezes=0;constructor(store){this.#store=store}checkEntry(entry,isLastOfLeg){
let{sequence,transactionId}=entry;this.#tally.add(entry);let kind=isLastOfLeg?this.#tally.exceededByLeg():void 0;return kind?{kind,sequence,transactionId}:this.#checkCheckpoint(sequence)}#checkCheckpoint(sequence){
sequence>this.#loadedUpTo&&(this.#loadedUpTo=sequence+rowsPerTurn,this.#checkpoints=this.#store.checkpoints(sequence-1,this.#loadedUpTo));let checkpoint=this.#checkpoints.get(sequence);if(checkpoint)return this.
checkpoints+=1,this.#tally.equals(checkpoint)?void 0:{kind:"wrong_checkpoint",sequence}}async checkRecords({openedAt},letOthersIn){let sequence=this.#store.strayCheckpoint();return sequence!==void 0?{
kind:"wrong_checkpoint",sequence}:await this.#checkProfiles(openedAt,letOthersIn)??this.#checkFreezes(letOthersIn)}async#checkProfiles(openedAt,letOthersIn){let before;for(;;){let turn=this.#store.profilesAfter(
before?.version??0,rowsPerTurn);if(!before&&turn.length===0)return{kind:"wrong_profile",field:"version"};for(let profile of turn){let field=differingInProfile(profile,before,openedAt);if(field)return{
kind:"wrong_profile",field};before=profile}if(turn.length<rowsPerTurn)return;await letOthersIn()}}async#checkFreezes(letOthersIn){for(let turn=this.#store.freezesAfter(0,rowsPerTurn);turn.length>0;){for(let freeze of turn){
this.freezes+=1;let field=differingInFreeze(freeze,this.freezes);if(field)return{kind:"wrong_freeze",sequence:this.freezes,field}}if(turn.length<rowsPerTurn)return;await letOthersIn(),turn=this.#store.
freezesAfter(this.freezes,rowsPerTurn)}}};function isRenderer(renderer){return renderer>=1&&renderer<=currentRenderer}function differingInProfile(profile,before,openedAt){let{version:version4,renderer,
createdAt,erasedAt}=profile;if(version4!==(before?.version??0)+1)return"version";if(!isRenderer(renderer))return"renderer";let delay=createdAt-(before?.createdAt??openedAt);return delay<0||!before&&delay>
openingMaxMs?"createdAt":erasedAt===null?differingInPerson(profile):"erasedAt"}function differingInPerson(profile){let{fingerprint,name,email,metadata,externalId}=profile;if(name===null)return"name";if(externalId!==
null)return"externalId";let pairs=metadata===null?void 0:parseCanonical(metadata);if(metadata!==null&&pairs===void 0)return"metadata";let sent={name,...email!==null&&{email},...pairs&&{metadata:pairs}};
return fingerprintUser(sent)===fingerprint?void 0:"fingerprint"}function differingInFreeze(freeze,index){let{id,scope,freezeId,fingerprint,reason:reason4,principal,renderer}=freeze;return id!==index?"\
id":isFreezeId(freezeId)?scope!=="debits"&&scope!=="none"?"frozen":fingerprintFreeze({frozen:scope==="debits",reason:reason4})!==fingerprint?"fingerprint":principal===""?"principal":isRenderer(renderer)?
void 0:"renderer":"freezeId"}async function auditWallet(account2,ports,call){let rules2=new WalletRules(new WalletAuditStore(ports.storage)),audit=new AccountAudit(account2,ports,call,walletAddress(call.
walletId)),difference=await audit.run(rules2),{head,holds,transactions,unreachableShards}=audit,{checkpoints,freezes}=rules2,checked={entries:head.sequence,checkpoints,holds,freezes,transactions};return{
ok:!0,head,checked,...difference&&{difference},unreachableShards}}function firstSequenceFrom(store,last,time){let low=1,high=last+1;for(;low<high;){let middle=Math.floor((low+high)/2);(store.postedAt(middle)??time)<time?low=middle+1:high=middle}return low}function matches(row,filter){
return(filter.currency===void 0||row.currency===filter.currency)&&(filter.direction===void 0||row.direction===filter.direction)&&(filter.type===void 0||row.type===filter.type)&&(filter.from===void 0||
row.decided_at>=filter.from)&&(filter.to===void 0||row.decided_at<filter.to)}function candidates(store,before,filter,limit){return Object.values(filter).some(wanted=>wanted!==void 0)?store.entriesBefore(
before,historyScanMax):store.entriesBefore(before,limit).toArray()}function withBalances(sums,scanned,matching){let lowest=scanned.at(-1);if(!lowest)return[];let net=sums.netAt(lowest.sequence-1),entries=[];
for(let row of scanned.toReversed()){if(net=addLines(net,[row]),!matching.has(row))continue;let{previousHash:_,...entry}=toEntry(row);entries.push({...entry,balanceAfter:(net[row.currency]??nothing)[row.
bucket]})}return entries.toReversed()}function pageOf({store,sums},last,query){let{filter,limit}=query,before=Math.min(query.before??last+1,last+1);if(filter.to!==void 0){let postedBy=filter.to+sums.lagUpTo(
last);before=Math.min(before,firstSequenceFrom(store,last,postedBy))}let lowest=filter.from===void 0?1:firstSequenceFrom(store,last,filter.from);if(before<=lowest)return{entries:[],nextBefore:null};let scanned=[],
matching=new Set,nextBefore=null;for(let row of candidates(store,before,filter,limit)){let isMatch=matches(row,filter);if(isMatch&&matching.size===limit||(scanned.push(row),isMatch&&matching.add(row),
nextBefore=row.sequence>lowest?row.sequence:null,nextBefore===null||scanned.length===historyScanMax))break}return{entries:withBalances(sums,scanned,matching),nextBefore}}function toFreeze(row){return{id:row.freeze_id,fingerprint:row.fingerprint,frozen:row.scope!=="none",reason:row.reason,principal:row.principal,renderer:row.renderer,createdAt:row.created_at,...row.nonce!==
null&&{nonce:row.nonce}}}var WalletStore=class{#storage;constructor(storage){this.#storage=storage}owner(){let row=this.#storage.sql.exec("SELECT * FROM profiles WHERE version = 1").toArray()[0];return row&&
{fingerprint:row.fingerprint,name:row.name,...row.email!==null&&{email:row.email},...row.metadata!==null&&{metadata:JSON.parse(row.metadata)},renderer:row.renderer,createdAt:row.created_at,...row.nonce!==
null&&{nonce:row.nonce}}}insertOwner(owner){this.#storage.sql.exec(`INSERT INTO profiles (version, fingerprint, name, email, metadata, renderer, created_at,
         nonce)
       VALUES (1, ?, ?, ?, ?, ?, ?, ?)`,owner.fingerprint,owner.name,owner.email??null,owner.metadata?JSON.stringify(owner.metadata):null,owner.renderer,owner.createdAt,owner.nonce??null)}freeze(id){let row=this.#storage.
sql.exec("SELECT * FROM freezes WHERE freeze_id = ?",id).toArray()[0];return row&&toFreeze(row)}newestFreezes(limit,before){return this.#storage.sql.exec(`SELECT * FROM freezes
      WHERE ?1 IS NULL OR id < (SELECT id FROM freezes WHERE freeze_id = ?1)
      ORDER BY id DESC LIMIT CAST(?2 AS INTEGER)`,before??null,limit).toArray().map(toFreeze)}insertFreeze(freeze){this.#storage.sql.exec(`INSERT INTO freezes (id, scope, created_at, freeze_id, finger\
print, reason, principal,
         renderer, nonce)
       SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ?, ? FROM freezes`,freeze.frozen?"debits":"none",freeze.createdAt,freeze.id,freeze.fingerprint,freeze.reason,freeze.principal,freeze.renderer,
freeze.nonce??null)}entriesBefore(before,limit){return this.#storage.sql.exec(`SELECT * FROM entries WHERE sequence < CAST(? AS INTEGER)
       ORDER BY sequence DESC LIMIT CAST(? AS INTEGER)`,before,limit)}postedAt(sequence){return this.#storage.sql.exec("SELECT created_at FROM entries WHERE sequence = CAST(? AS INTEGER)",sequence).toArray()[0]?.
created_at}};var emptyCheckpoint={sums:{},decidedAt:0,lag:0};function checkpointAfter(before,entries){let net=addLines(netOfSums(before),entries),debited=new Map(Object.entries(before.sums).map(([currency,sums2])=>[
currency,BigInt(sums2.debited)]));for(let{type,bucket,direction,currency,amount}of entries)!(direction==="debit"&&bucket==="available")||!operationOf({type}).countsAsSpending||debited.set(currency,(debited.
get(currency)??0n)+BigInt(amount));let sums=Object.entries(net).map(([currency,amounts])=>[currency,{...nothing,...amounts,debited:String(debited.get(currency)??0n)}]);return{sums:Object.fromEntries(sums),
decidedAt:Math.max(before.decidedAt,...entries.map(entry=>entry.decidedAt)),lag:Math.max(before.lag,...entries.map(entry=>entry.createdAt-entry.decidedAt))}}function netOfSums({sums}){let amounts=Object.
entries(sums).map(([currency,{available,reserved}])=>[currency,{available,reserved}]);return Object.fromEntries(amounts)}var lookQuery2=`
  WITH checkpoint AS (SELECT * FROM sound_checkpoints ORDER BY sequence DESC LIMIT 1),
    since AS (SELECT
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND bucket = 'available'), 0) AS available,
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND bucket = 'reserved'), 0) AS reserved,
        max(decided_at) AS decided_at
      FROM movements WHERE sequence > coalesce((SELECT sequence FROM checkpoint), 0)),
    held AS (SELECT count(*) AS legs,
        coalesce(sum(amount) FILTER (WHERE further IS NULL AND currency = ?1
          AND direction = 'debit' AND bucket = 'available'), 0) AS debits,
        coalesce(sum(amount) FILTER (WHERE further IS NULL AND currency = ?1
          AND direction = 'credit'), 0) AS incoming,
        json_group_array(json_array(json_array(bucket, direction, currency, amount),
          json(further))) FILTER (WHERE further IS NOT NULL) AS several
      FROM legs WHERE open = 1)
  SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?2) AS known,
    coalesce((SELECT scope FROM freezes ORDER BY id DESC LIMIT 1), 'none') AS freeze,
    held.legs AS openLegs, debits, incoming, several,
    (SELECT sums -> ?1 FROM checkpoint) AS sums, available, reserved,
    nullif(max(coalesce(since.decided_at, 0),
      coalesce((SELECT decided_at FROM checkpoint), 0)), 0) AS decidedAt
  FROM since, held`;function toCheckpoint(row){return{sums:JSON.parse(row.sums),decidedAt:row.decided_at,lag:row.lag}}function plus(amounts,more){return{available:add(amounts.available,more.available),
reserved:add(amounts.reserved,more.reserved)}}var LedgerSums=class{#storage;constructor(storage){this.#storage=storage}look(transactionId,currency){let[row]=this.#storage.sql.exec(lookQuery2,currency,
transactionId).toArray();if(!row)throw new Error("an aggregate has one row");let{known,freeze,openLegs:openLegs2,debits,incoming,decidedAt}=row,legs=JSON.parse(row.several).map(([first,further])=>({lines:[
first,...further].map(toLine)})),several=undecidedOf(legs,currency),sums=row.sums===null?nothing:JSON.parse(row.sums);return{known:known===1,freeze,openLegs:openLegs2,funds:{posted:plus(sums,row),undecided:{
debits:add(debits,several.debits),incoming:add(incoming,several.incoming)}},...decidedAt!==null&&{newestDecidedAt:decidedAt}}}netAt(sequence){let query=`
      WITH checkpoint AS (SELECT sequence, sums FROM sound_checkpoints
        WHERE sequence <= CAST(?1 AS INTEGER) ORDER BY sequence DESC LIMIT 1)
      SELECT (SELECT sums FROM checkpoint) AS sums,
        (SELECT json_group_array(json_array(bucket, direction, currency, abs(amount)))
          FROM movements
          WHERE sequence > coalesce((SELECT sequence FROM checkpoint), 0)
            AND sequence <= CAST(?1 AS INTEGER)) AS since`,[row]=this.#storage.sql.exec(query,sequence).toArray();if(!row)throw new Error("a query of subqueries has one row");let sums=row.sums===null?
{}:JSON.parse(row.sums);return addLines(netOfSums({sums}),JSON.parse(row.since).map(toLine))}insertCheckpoint(sequence){let before=this.#checkpointUpTo(sequence),entries=this.#storage.sql.exec("SELECT\
 * FROM entries WHERE sequence > CAST(? AS INTEGER) ORDER BY sequence",before?.sequence??0).toArray().map(toEntry),known=before?toCheckpoint(before):emptyCheckpoint,{sums,decidedAt,lag}=checkpointAfter(
known,entries);this.#storage.sql.exec("INSERT INTO checkpoints (sequence, sums, decided_at, lag) VALUES (?, ?, ?, ?)",sequence,JSON.stringify(sums),decidedAt,lag)}#checkpointUpTo(sequence){return this.#storage.
sql.exec(`SELECT sequence, sums, decided_at, lag FROM sound_checkpoints
      WHERE sequence <= CAST(? AS INTEGER) ORDER BY sequence DESC LIMIT 1`,sequence).toArray()[0]}lagUpTo(sequence){let before=this.#checkpointUpTo(sequence),query=`SELECT coalesce(max(created_at - de\
cided_at), 0) AS lag FROM entries
      WHERE sequence > CAST(? AS INTEGER) AND sequence <= CAST(? AS INTEGER)`,[row]=this.#storage.sql.exec(query,before?.sequence??0,sequence).toArray();return Math.max(before?.lag??0,row?.lag??0)}};var notFound2={ok:!1,problem:"not_found"};function toUser(walletId,owner){let{fingerprint:_fingerprint,nonce:_nonce,...user}=owner;return{walletId,...user}}function toFreeze2(walletId,stored){let{fingerprint:_fingerprint,
nonce:_nonce,...freeze}=stored;return{walletId,...freeze}}function noted(nonce){return nonce===void 0?{}:{nonce}}function isCheckpoint(sequence){return sequence%checkpointInterval===0}var WalletAccount=class{account;#store;#sums;#ports;constructor(ports,migrations){
this.#ports=ports,this.#store=new WalletStore(ports.storage),this.#sums=new LedgerSums(ports.storage),this.account=new Account(ports,this.#kind(migrations))}#kind(migrations){let sums=this.#sums;return{
class:"wallet",migrations,shards:null,isCreatedOnUse:!1,look:posting=>this.#look(posting),onPosted:({sequence})=>{isCheckpoint(sequence)&&sums.insertCheckpoint(sequence)},writesWithEntry:isCheckpoint}}#look({
transactionId,lines}){let currencies=[...new Set(lines.map(({currency})=>currency))],looks=currencies.map(one=>this.#sums.look(transactionId,one)),[first]=looks;if(!first)throw new Error("a leg has a \
line");let funds2=new Map(looks.map((look,index)=>[currencies[index]??"",look.funds]));return{...first,funds:funds2}}open(call){let{tenant,walletId,fingerprint,profile,nonce}=call;return this.account.
sqlTransaction(()=>{let known=this.account.exists(tenant,walletId);if(!known){this.account.create(tenant,walletId);let createdAt=this.#ports.clock.now(),opening={fingerprint,renderer:currentRenderer,createdAt,
...noted(nonce)};this.#store.insertOwner({...profile,...opening})}let owner=this.#owner();return owner.fingerprint!==fingerprint?{ok:!1,problem:"idempotency_key_reused"}:{ok:!0,user:toUser(walletId,owner),
replayed:known&&isReplay(nonce,owner.nonce)}})}#owner(){let owner=this.#store.owner();if(!owner)throw new Error("an open wallet has an owner");return owner}profile(call){return this.account.exists(call.
tenant,call.walletId)?{ok:!0,user:toUser(call.walletId,this.#owner())}:notFound2}async readBalance(call){if(!this.account.exists(call.tenant,call.walletId))return notFound2;let{view,held,inFlight}=await this.#readClean(
call,()=>{let head=this.account.head();return{head,net:this.#sums.netAt(head.sequence)}});return{ok:!0,positions:positionsOf(view.net,held),head:view.head,...inFlight!==void 0&&{inFlight}}}async readHistory(call){
if(!this.account.exists(call.tenant,call.walletId))return notFound2;let ledger={store:this.#store,sums:this.#sums},pageUpTo=last=>pageOf(ledger,last,call);if(call.before!==void 0)return{ok:!0,...pageUpTo(
call.before-1)};let newest=()=>pageUpTo(this.account.head().sequence),{view,inFlight}=await this.#readClean(call,newest);return{ok:!0,...view,...inFlight!==void 0&&{inFlight}}}freeze(call){let{tenant,
walletId,freezeId,fingerprint,frozen:frozen2,reason:reason4,principal,nonce}=call;return this.account.sqlTransaction(()=>{if(!this.account.exists(tenant,walletId))return{ok:!1,problem:"wallet_not_foun\
d"};let known=this.#store.freeze(freezeId);if(known&&known.fingerprint!==fingerprint)return{ok:!1,problem:"idempotency_key_reused"};let createdAt=this.#ports.clock.now(),act={frozen:frozen2,reason:reason4,
principal,createdAt,...noted(nonce)},stored=known??{...act,id:freezeId,fingerprint,renderer:currentRenderer};known||this.#store.insertFreeze(stored);let replayed=known!==void 0&&isReplay(nonce,known.nonce);
return{ok:!0,freeze:toFreeze2(walletId,stored),replayed}})}freezes({tenant,walletId,limit,before}){if(!this.account.exists(tenant,walletId))return notFound2;let stored=this.#store.newestFreezes(limit+
1,before);return{ok:!0,freezes:stored.slice(0,limit).map(freeze=>toFreeze2(walletId,freeze)),hasMore:stored.length>limit}}async audit(call){return this.account.wasUsed(call.tenant,call.walletId)?auditWallet(
this.account,this.#ports,call):notFound2}async#readClean(call,view){let capture2=()=>({view:view(),held:this.account.store.heldLegs()}),giveUpAt=this.#ports.clock.now()+callMaxMs;for(let pass=1;pass<=
readPassesMax;pass++){let captured=capture2();if(captured.held.length===0)return captured;let asked={...call,account:call.walletId},{committed,rejected,failed}=await this.account.resolve(captured.held,
asked);if(committed.length===0&&!failed)return{view:captured.view,held:withoutRejected(captured.held,rejected)};if(this.#ports.clock.now()>=giveUpAt)break}let last=capture2();return last.held.length===
0?last:{...last,inFlight:last.held.length}}};function withoutRejected(held,rejected){let ids=new Set(rejected.map(posting=>posting.transactionId));return held.filter(leg=>!ids.has(leg.transactionId))}async function callWithLimit(clock,call,limitMs){let answer=await withTimeout(clock,call(),limitMs);if(answer!==timedOut)return answer;throw new CallFailed("unreachable",`no answer within ${limitMs} m\
s`)}function logsFor(parts,directory){let{caller,clock}=parts,call=(shard,method,argument)=>callWithLimit(clock,()=>directory.network.call(caller,directory.log(shard),method,argument),callMaxMs);return shard=>({
ask:argument=>call(shard,"ask",argument),legRecords:argument=>call(shard,"legRecords",argument)})}function accountsFor(parts,directory){let{caller,clock}=parts;return(tenant,address)=>{let to=directory.
account(tenant,address),call=(method,argument)=>callWithLimit(clock,()=>directory.network.call(caller,to,method,argument),callMaxMs);return{hold:argument=>call("hold",argument),post:argument=>call("po\
st",argument),release:argument=>call("release",argument),readClaims:argument=>call("readClaims",argument),readLegs:argument=>call("readLegs",argument)}}}function createWallet(parts,directory){let wallet=new WalletAccount(
{...parts,logs:logsFor(parts,directory)},walletMigrations),{account:account2}=wallet;return{ready:Promise.resolve(),methods:{open:call=>wallet.open(call),profile:call=>wallet.profile(call),readBalance:call=>wallet.
readBalance(call),readHistory:call=>wallet.readHistory(call),freeze:call=>wallet.freeze(call),freezes:call=>wallet.freezes(call),audit:call=>wallet.audit(call),hold:call=>account2.hold(call),post:call=>account2.
post(call),release:call=>account2.release(call),readClaims:call=>readClaims(account2,call),readLegs:call=>readLegs(account2,call)}}}function createExternal(parts,directory){let logs=logsFor(parts,directory),
ports={...parts,logs},account2=createExternalAccount(ports,externalAccountMigrations);return{ready:Promise.resolve(),methods:{hold:call=>account2.hold(call),post:call=>account2.post(call),release:call=>account2.
release(call),readClaims:call=>readClaims(account2,call),readLegs:call=>readLegs(account2,call),books:call=>booksOf(account2,parts,call),audit:call=>auditExternalAccount(account2,ports,call)}}}function createLog(running,directory){
let parts={...running,clock:new StepAwareClock(running.clock)},accounts=accountsFor(parts,directory),log=new TransferLogCore({...parts,accounts,migrations:transferLogMigrations});return{ready:log.alarmJobs.
recover(),methods:{submit:call=>log.submit(call),ask:call=>log.reads.ask(call),find:call=>log.reads.find(call),unsettled:call=>log.reads.unsettled(call),legRecords:call=>log.reads.legRecords(call),startScrub:call=>log.
scrub.start(call),scrubStatus:call=>log.scrub.status(call)},alarm:()=>log.alarmJobs.run()}}function createKeyRing(parts){let register=new KeyRingCore({...parts,migrations:keyRingMigrations});return{ready:Promise.
resolve(),methods:{create:call=>register.create(call),lookUp:call=>register.lookUp(call),list:call=>register.list(call),revoke:call=>register.revoke(call),audit:call=>register.audit(call)}}}export{createExternal,createKeyRing,createLog,createWallet};
