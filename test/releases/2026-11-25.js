var ledger_default=`-- What every account has, wallet or outside world: who it is, its legs, its ledger.

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

-- One row for each transaction that this account was ever asked about: the dedupe index, never
-- deleted. open = 1: held. open = 0 with a sequence: posted; without: void, and \`refusal\` is the NO
-- that made it so. The leading \`open\` keeps the few held legs together, with no second index.
CREATE TABLE legs (
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  transaction_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  sequence INTEGER CHECK (sequence > 0),
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

CREATE TRIGGER legs_closed_once BEFORE UPDATE ON legs
WHEN NOT (
  OLD.open = 1 AND NEW.open = 0
  AND NEW.transaction_id IS OLD.transaction_id
  AND NEW.fingerprint IS OLD.fingerprint
  AND NEW.direction IS OLD.direction
  AND NEW.currency IS OLD.currency
  AND NEW.amount IS OLD.amount
  AND NEW.refusal IS NULL
  AND CASE WHEN NEW.sequence IS NULL
    -- Void: without an entry. A leg that has one is open only while its entry is the newest.
    THEN OLD.transaction_id IS NOT
      (SELECT transaction_id FROM entries ORDER BY sequence DESC LIMIT 1)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence AND transaction_id = OLD.transaction_id
    )
  END
)
BEGIN SELECT RAISE(ABORT, 'a leg only closes, once, with its content unchanged'); END;

CREATE TRIGGER legs_not_deleted BEFORE DELETE ON legs
BEGIN SELECT RAISE(ABORT, 'legs are never deleted'); END;

-- The ledger: posted legs, append-only and chained by hash. It keeps what history shows.
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  transaction_id TEXT NOT NULL,
  type TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('debit', 'credit')),
  amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 9007199254740991),
  currency TEXT NOT NULL,
  counterparty TEXT NOT NULL,
  provider TEXT,
  payment_reference TEXT,
  description TEXT,
  -- JSON object of strings.
  metadata TEXT,
  -- Milliseconds since the epoch, never before the previous entry's.
  created_at INTEGER NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER entries_appended BEFORE INSERT ON entries
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entries)
  OR NEW.previous_hash IS NOT coalesce(
    (SELECT hash FROM entries ORDER BY sequence DESC LIMIT 1),
    (SELECT genesis FROM identity)
  )
  OR NEW.created_at < (SELECT created_at FROM entries ORDER BY sequence DESC LIMIT 1)
  OR NOT EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id = NEW.transaction_id
      AND direction = NEW.direction AND currency = NEW.currency AND amount = NEW.amount
  )
  -- The entry before has closed its leg: so no leg is ever posted twice.
  OR EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id =
      (SELECT transaction_id FROM entries ORDER BY sequence DESC LIMIT 1)
  )
BEGIN SELECT RAISE(ABORT, 'an entry continues the chain and posts a held leg'); END;

CREATE TRIGGER entries_not_updated BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are immutable'); END;

CREATE TRIGGER entries_not_deleted BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
`;var entries_close_legs_default=`-- An entry closes the leg that it posts, in its own statement: neither is ever seen without the
-- other. What may follow what is as strict as before, and is checked with less: a statement that
-- names a column that never changes is refused without comparing what it holds.
DROP TRIGGER entries_appended;
DROP TRIGGER legs_closed_once;

CREATE TRIGGER entries_appended BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE sequence >= NEW.sequence)
  OR NOT CASE NEW.sequence
    WHEN 1 THEN NEW.previous_hash IS (SELECT genesis FROM identity)
    ELSE EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence - 1 AND hash = NEW.previous_hash
        AND created_at <= NEW.created_at
    )
  END
  OR NOT EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id = NEW.transaction_id
      AND direction = NEW.direction AND currency = NEW.currency AND amount = NEW.amount
  )
  -- The entry before has closed its leg: so no leg is posted twice, should that ever fail.
  OR EXISTS (
    SELECT 1 FROM legs
    WHERE open = 1 AND transaction_id =
      (SELECT transaction_id FROM entries WHERE sequence = NEW.sequence - 1)
  )
BEGIN SELECT RAISE(ABORT, 'an entry continues the chain and posts a held leg'); END;

CREATE TRIGGER entries_close_legs AFTER INSERT ON entries
BEGIN
  UPDATE legs SET open = 0, sequence = NEW.sequence
  WHERE open = 1 AND transaction_id = NEW.transaction_id;
END;

CREATE TRIGGER legs_content_fixed
BEFORE UPDATE OF transaction_id, fingerprint, direction, currency, amount, refusal ON legs
BEGIN SELECT RAISE(ABORT, 'a leg only closes, with its content unchanged'); END;

CREATE TRIGGER legs_closed_once BEFORE UPDATE OF open, sequence ON legs
WHEN NOT (
  OLD.open = 1 AND NEW.open = 0
  AND (
    NEW.sequence IS NULL
    OR EXISTS (
      SELECT 1 FROM entries
      WHERE sequence = NEW.sequence AND transaction_id = OLD.transaction_id
    )
  )
)
BEGIN SELECT RAISE(ABORT, 'a leg only closes, once, and as posted with its entry'); END;
`;var claims_default=`-- Who uses a payment reference: a held leg provisionally, a posted one for ever. A claim goes only
-- in the sql transaction that voids its leg.
CREATE TABLE claims (
  provider TEXT NOT NULL,
  reference TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  PRIMARY KEY (provider, reference)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER claims_not_taken_over BEFORE INSERT ON claims
WHEN EXISTS (
  SELECT 1 FROM claims WHERE provider = NEW.provider AND reference = NEW.reference
)
BEGIN SELECT RAISE(ABORT, 'a payment reference is claimed once'); END;

CREATE TRIGGER claims_not_updated BEFORE UPDATE ON claims
BEGIN SELECT RAISE(ABORT, 'claims are immutable'); END;

CREATE TRIGGER claims_kept BEFORE DELETE ON claims
WHEN NOT EXISTS (
  SELECT 1 FROM legs
  WHERE open = 0 AND transaction_id = OLD.transaction_id AND sequence IS NULL
)
BEGIN SELECT RAISE(ABORT, 'only the claim of a void leg may go'); END;
`;var transactions_default=`-- Which shard this is. Written once; the shard refuses to work under another number of shards.
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
-- open = 1 until every account has acknowledged the decision.
CREATE TABLE transactions (
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('preparing', 'committed', 'rejected')),
  -- JSON: the request with its defaults resolved, less description and metadata.
  request TEXT NOT NULL,
  -- JSON: description and metadata; dropped from rejected transactions after 30 days.
  details TEXT,
  -- JSON list: the legs, the sender's first.
  legs TEXT NOT NULL,
  -- The wording in which this transaction is answered, for ever.
  renderer INTEGER NOT NULL,
  -- JSON: why it was rejected.
  refusal TEXT,
  -- Whose request created it; only ever logged.
  request_id TEXT NOT NULL,
  -- All times in milliseconds since the epoch.
  created_at INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  decided_at INTEGER,
  settled_at INTEGER,
  -- Attempts that ended without settling, and when the alarm makes the next one.
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  stuck INTEGER NOT NULL CHECK (stuck IN (0, 1)),
  CHECK ((state = 'preparing') = (decided_at IS NULL)),
  CHECK ((state = 'rejected') = (refusal IS NOT NULL)),
  CHECK ((open = 0) = (settled_at IS NOT NULL)),
  CHECK (settled_at IS NULL OR decided_at IS NOT NULL),
  PRIMARY KEY (open, id)
) STRICT, WITHOUT ROWID;

-- What the clean-up looks for: holds rejected transactions only, and only until they are cleaned.
CREATE INDEX transactions_to_clean ON transactions (settled_at)
WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL;

CREATE TRIGGER transactions_recorded_once BEFORE INSERT ON transactions
WHEN NEW.open <> 1 OR NEW.state <> 'preparing'
  OR EXISTS (SELECT 1 FROM transactions WHERE open IN (0, 1) AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a transaction starts preparing, once'); END;

CREATE TRIGGER transactions_decided_once BEFORE UPDATE ON transactions
WHEN NEW.id IS NOT OLD.id
  OR NEW.tenant IS NOT OLD.tenant
  OR NEW.fingerprint IS NOT OLD.fingerprint
  OR NEW.request IS NOT OLD.request
  OR NEW.legs IS NOT OLD.legs
  OR NEW.renderer IS NOT OLD.renderer
  OR NEW.created_at IS NOT OLD.created_at
  OR NEW.deadline IS NOT OLD.deadline
  OR (OLD.state <> 'preparing' AND (
    NEW.state IS NOT OLD.state
    OR NEW.refusal IS NOT OLD.refusal
    OR NEW.decided_at IS NOT OLD.decided_at
  ))
  OR (OLD.open = 0 AND NEW.open = 1)
  OR (OLD.settled_at IS NOT NULL AND NEW.settled_at IS NOT OLD.settled_at)
  OR (NEW.details IS NOT OLD.details AND NOT (
    OLD.state = 'rejected' AND OLD.open = 0 AND NEW.details IS NULL
  ))
BEGIN SELECT RAISE(ABORT, 'what was recorded or decided does not change'); END;

CREATE TRIGGER transactions_not_deleted BEFORE DELETE ON transactions
BEGIN SELECT RAISE(ABORT, 'transactions are never deleted'); END;
`;var principal_default=`-- Who asked for a transaction: the id of its principal. Rows from before this column have none.
ALTER TABLE transactions ADD COLUMN principal TEXT;

CREATE TRIGGER transactions_principal_fixed BEFORE UPDATE ON transactions
WHEN NEW.principal IS NOT OLD.principal
BEGIN SELECT RAISE(ABORT, 'who asked for a transaction does not change'); END;
`;var fixed_columns_default=`-- The same as before, checked with less: a statement that names a column that never changes is
-- refused without comparing what it holds, and each of the others is looked at where it is written.
DROP TRIGGER transactions_decided_once;
DROP TRIGGER transactions_principal_fixed;

CREATE TRIGGER transactions_content_fixed
BEFORE UPDATE OF id, tenant, fingerprint, request, legs, renderer, principal, request_id,
  created_at, deadline ON transactions
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;

CREATE TRIGGER transactions_decided_once
BEFORE UPDATE OF state, refusal, decided_at ON transactions
WHEN OLD.state <> 'preparing'
BEGIN SELECT RAISE(ABORT, 'what was decided does not change'); END;

CREATE TRIGGER transactions_settled_once BEFORE UPDATE OF open, settled_at ON transactions
WHEN OLD.open = 0
BEGIN SELECT RAISE(ABORT, 'what is settled does not change'); END;

CREATE TRIGGER transactions_details_kept BEFORE UPDATE OF details ON transactions
WHEN NOT (OLD.state = 'rejected' AND OLD.open = 0 AND NEW.details IS NULL)
BEGIN SELECT RAISE(ABORT, 'what was recorded does not change'); END;
`;var wallet_default=`-- The user whose wallet this is: also the idempotency record of the opening.
CREATE TABLE owner (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  -- JSON object of strings.
  metadata TEXT,
  -- The wording in which the opening is answered, for ever.
  renderer INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER owner_written_once BEFORE INSERT ON owner
WHEN EXISTS (SELECT 1 FROM owner)
BEGIN SELECT RAISE(ABORT, 'a wallet is opened once'); END;

CREATE TRIGGER owner_not_updated BEFORE UPDATE ON owner
BEGIN SELECT RAISE(ABORT, 'the opening of a wallet is immutable'); END;

CREATE TRIGGER owner_not_deleted BEFORE DELETE ON owner
BEGIN SELECT RAISE(ABORT, 'the opening of a wallet is immutable'); END;

-- Whether new debits are refused: the newest row counts, no row means not frozen.
CREATE TABLE freezes (
  id INTEGER PRIMARY KEY,
  frozen INTEGER NOT NULL CHECK (frozen IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TRIGGER freezes_not_updated BEFORE UPDATE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are immutable'); END;

CREATE TRIGGER freezes_not_deleted BEFORE DELETE ON freezes
BEGIN SELECT RAISE(ABORT, 'freezes are never deleted'); END;

CREATE TRIGGER freezes_appended BEFORE INSERT ON freezes
WHEN EXISTS (SELECT 1 FROM freezes WHERE id >= NEW.id)
BEGIN SELECT RAISE(ABORT, 'freezes are appended'); END;

-- Net amounts per currency (JSON object) after entry 64, 128, ...: shortens sums, and nothing else.
-- Deleting all of them changes no answer.
CREATE TABLE checkpoints (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  net TEXT NOT NULL
) STRICT;

CREATE TRIGGER checkpoints_not_updated BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are immutable'); END;

CREATE TRIGGER checkpoints_appended BEFORE INSERT ON checkpoints
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM entries)
  OR EXISTS (SELECT 1 FROM checkpoints WHERE sequence >= NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'a checkpoint follows the entry it is written with'); END;
`;var freezes_default=`-- Freezes get their door. Until now none could be recorded; from now on each one says who froze or
-- thawed the wallet and why, and is the idempotency record of the request that asked for it.
ALTER TABLE freezes ADD COLUMN freeze_id TEXT;
ALTER TABLE freezes ADD COLUMN fingerprint TEXT;
ALTER TABLE freezes ADD COLUMN reason TEXT;
ALTER TABLE freezes ADD COLUMN principal TEXT;
-- The wording in which it is answered, for ever.
ALTER TABLE freezes ADD COLUMN renderer INTEGER;

-- Added columns cannot be NOT NULL, and a unique index would cost a row with every freeze.
CREATE TRIGGER freezes_accountable BEFORE INSERT ON freezes
WHEN NEW.freeze_id IS NULL OR NEW.fingerprint IS NULL OR NEW.reason IS NULL
  OR NEW.principal IS NULL OR NEW.renderer IS NULL
  OR EXISTS (SELECT 1 FROM freezes WHERE freeze_id = NEW.freeze_id)
BEGIN SELECT RAISE(ABORT, 'a freeze says who, why and for which request, once'); END;
`;var ledger={id:"account/0001_ledger",sql:ledger_default},closeLegs={id:"account/0002_entries_close_legs",sql:entries_close_legs_default},walletMigrations=[ledger,closeLegs,{id:"wallet/0001_wallet",sql:wallet_default},
{id:"wallet/0002_freezes",sql:freezes_default}],externalAccountMigrations=[ledger,closeLegs,{id:"external-account/0001_claims",sql:claims_default}],transferLogMigrations=[{id:"transfer-log/0001_transa\
ctions",sql:transactions_default},{id:"transfer-log/0002_principal",sql:principal_default},{id:"transfer-log/0003_fixed_columns",sql:fixed_columns_default}];var amountMax=Number.MAX_SAFE_INTEGER,shardCount=256;var openLegsMax=256,checkpointInterval=64,preparingMaxMs=3e4,answerWaitMaxMs=5e3,callMaxMs=5e3,attemptMaxMs=1e4,otherVotesMaxMs=1e3,attemptsUntilStuck=20,alarmBatchMax=50,transactionsInProgressMax=256;var logBytesMax=9e9,rejectedDetailsMaxMs=720*60*60*1e3,readPassesMax=4,historyScanMax=5e3;var freezesShownMax=100,unsettledPerShardMax=100,bodyBytesMax=16*1024,bodyDrainBytesMax=4*1024*1024;function isAmount(value){return Number.isSafeInteger(value)&&value>=1}function add(left,right){let sum=left+right;if(!Number.isSafeInteger(sum))throw new Error("money out of the exact range");return sum}
function available(balance,heldDebits){return add(balance,-heldDebits)}function hasHeadroom(balance,heldCredits,amount){return amount<=amountMax-balance-heldCredits}function signed(direction,amount){return direction===
"credit"?amount:-amount}function addNet(net,more){let sum={...net};for(let[currency,amount]of Object.entries(more))sum[currency]=add(sum[currency]??0,amount);return sum}var legTransitions={none:{hold:{effect:"admit",yes:"held",no:"void",busy:"none"},post:{effect:"integrity_fault"},release:{effect:"write_void",next:"void"}},held:{hold:{effect:"vote_again",next:"held"},
post:{effect:"append_entry",next:"posted"},release:{effect:"write_void",next:"void"}},posted:{hold:{effect:"vote_again",next:"posted"},post:{effect:"acknowledge",next:"posted"},release:{effect:"integr\
ity_fault"}},void:{hold:{effect:"vote_again",next:"void"},post:{effect:"integrity_fault"},release:{effect:"acknowledge",next:"void"}}};function admitToWallet(standing,leg){let{account,direction,amount}=leg;
if(direction==="debit"){if(standing.frozen)return{vote:"no",refusal:{code:"wallet_frozen",account},contestable:!1};if(amount>available(standing.balance,standing.heldDebits))return{vote:"no",refusal:{code:"\
insufficient_funds",account},contestable:!0}}else if(!hasHeadroom(standing.balance,standing.heldCredits,amount))return{vote:"no",refusal:{code:"balance_limit_exceeded",account},contestable:!0};return admitUnderLimit(
standing.openLegs)}function admitToExternalAccount(standing){let{claim}=standing;if(claim?.posted){let{transactionId}=claim;return{vote:"no",refusal:{code:"duplicate_payment_reference",transactionId},
contestable:!1}}return claim?{vote:"busy",reason:"claim_undecided",contestable:!0}:admitUnderLimit(standing.openLegs)}function admitUnderLimit(openLegs){return openLegs<openLegsMax?{vote:"yes"}:{vote:"\
busy",reason:"open_legs",contestable:!0}}function isBytes(a){return a instanceof Uint8Array||ArrayBuffer.isView(a)&&a.constructor.name==="Uint8Array"&&"BYTES_PER_ELEMENT"in a&&a.BYTES_PER_ELEMENT===1}function abytes(value,length,title=""){let bytes=isBytes(value),len=value?.length,needsLen=length!==void 0;if(!bytes||needsLen&&len!==length){let prefix=title&&`"${title}" `,ofLen=needsLen?` of length\
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
0;E=SHA256_IV[4]|0;F=SHA256_IV[5]|0;G=SHA256_IV[6]|0;H=SHA256_IV[7]|0;constructor(){super(32)}};var sha256=createHasher(()=>new _SHA256,oidNist(1));var utf8=new TextEncoder,printableAscii=/^[ -~]*$/;function byteLength(text){return printableAscii.test(text)?text.length:utf8.encode(text).length}function encodeTuple(fields){let encoded="";for(let field of fields)
if(field===null)encoded+="-";else{let text=String(field);encoded+=`${byteLength(text)}:${text}`}return encoded}function digestTuple(fields){return bytesToHex(sha256(utf8.encode(encodeTuple(fields))))}var chainVersion="entry1",genesisVersion="genesis1";function genesisHash(tenant,address){return digestTuple([genesisVersion,address.class,tenant,address.id])}function encodeEntryMetadata(metadata){return metadata===
void 0?null:JSON.stringify(metadata)}function entryHash(entry){let canonical=encodeTuple([chainVersion,entry.sequence,entry.transactionId,entry.type,entry.direction,entry.amount,entry.currency,entry.counterparty,
entry.provider??null,entry.paymentReference??null,entry.description??null,encodeEntryMetadata(entry.metadata),entry.createdAt]);return digestTuple([entry.previousHash,canonical])}function nextEntry(head,posting,now){
let{fingerprint:_,...shown}=posting,entry={...shown,sequence:head.sequence+1,createdAt:Math.max(now,head.createdAt),previousHash:head.hash};return{...entry,hash:entryHash(entry)}}var version="1",alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ";function logShardOf(transactionId){let first=alphabet.indexOf(transactionId.charAt(4)),second=alphabet.indexOf(transactionId.charAt(5));return first<<3|second>>2}function externalShardOf(tenant,provider,reference){
return Number.parseInt(digestTuple([version,tenant,provider,reference]).slice(0,2),16)}function shardName(shard){if(!Number.isInteger(shard)||shard<0||shard>=shardCount)throw new Error(`no such shard:\
 ${shard}`);return shard.toString(16).padStart(2,"0")}function walletAddress(walletId){return{class:"wallet",id:walletId}}function externalAddress(tenant,provider,reference){let shard=externalShardOf(
tenant,provider,reference);return{class:"external-account",id:`external-${shardName(shard)}`}}function accountObjectName(tenant,address){return digestTuple([version,address.class,tenant,address.id])}function logObjectName(shard){
return`transfer-log-${shardName(shard)}`}var createAppliedTable="CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",findAppliedTable="SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'migra\
tions'";function migrate(storage,declared){storage.transactionSync(()=>{storage.sql.exec(createAppliedTable);let rows=storage.sql.exec("SELECT id FROM migrations").toArray(),applied=new Set(rows.map(row=>row.
id));for(let migration of declared)applied.has(migration.id)||(storage.sql.exec(migration.sql),storage.sql.exec("INSERT INTO migrations (id) VALUES (?)",migration.id))})}var Schema=class{#storage;#declared;#current=!1;constructor(storage,declared){
this.#storage=storage,this.#declared=declared}get isCurrent(){return this.#current}exists(){return this.#current?!0:this.#storage.sql.exec(findAppliedTable).toArray().length===0?!1:(this.create(),!0)}create(){
this.#storage.sql.exec("PRAGMA recursive_triggers = 1"),migrate(this.#storage,this.#declared),this.#current=!0}rolledBack(){this.#current=!1}};function toLeg(row){let closed=row.sequence===null?"void":"posted";return{state:row.open===1?"held":closed,transactionId:row.transaction_id,fingerprint:row.fingerprint,direction:row.direction,currency:row.
currency,amount:row.amount,...row.refusal!==null&&{refusal:JSON.parse(row.refusal)}}}function toEntry(row){return{sequence:row.sequence,transactionId:row.transaction_id,type:row.type,direction:row.direction,
amount:row.amount,currency:row.currency,counterparty:row.counterparty,...row.provider!==null&&{provider:row.provider},...row.payment_reference!==null&&{paymentReference:row.payment_reference},...row.description!==
null&&{description:row.description},...row.metadata!==null&&{metadata:JSON.parse(row.metadata)},createdAt:row.created_at,previousHash:row.previous_hash,hash:row.hash}}var AccountStore=class{#storage;constructor(storage){
this.#storage=storage}identity(){return this.#storage.sql.exec("SELECT class, tenant, account, shards, genesis FROM identity WHERE id = 1").toArray()[0]}insertIdentity(identity,now){this.#storage.sql.
exec(`INSERT INTO identity (id, class, tenant, account, shards, genesis, opened_at)
       VALUES (1, ?, ?, ?, ?, ?, ?)`,identity.class,identity.tenant,identity.account,identity.shards,identity.genesis,now)}leg(transactionId){let row=this.#storage.sql.exec("SELECT * FROM legs WHERE o\
pen IN (0, 1) AND transaction_id = ?",transactionId).toArray()[0];return row&&toLeg(row)}heldLegs(){return this.#storage.sql.exec("SELECT * FROM legs WHERE open = 1").toArray().map(toLeg)}insertHeld(posting){
this.#insertLeg(1,posting,null)}insertVoid(posting,refusal){this.#insertLeg(0,posting,refusal?JSON.stringify(refusal):null)}#insertLeg(open,posting,refusal){this.#storage.sql.exec(`INSERT INTO legs (o\
pen, transaction_id, fingerprint, direction, currency, amount, refusal)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,open,posting.transactionId,posting.fingerprint,posting.direction,posting.currency,posting.amount,refusal)}voidHeld(transactionId){this.#storage.sql.exec("UPDATE le\
gs SET open = 0 WHERE open = 1 AND transaction_id = ?",transactionId)}postedSequence(transactionId){return this.#storage.sql.exec("SELECT sequence FROM legs WHERE open = 0 AND transaction_id = ?",transactionId).
toArray()[0]?.sequence??void 0}postedLegsAfter(after,limit){return this.#storage.sql.exec(`SELECT legs.transaction_id AS transactionId, legs.sequence, entries.transaction_id AS entry
         FROM legs LEFT JOIN entries ON entries.sequence = legs.sequence
         WHERE legs.open = 0 AND legs.transaction_id > ? AND legs.sequence IS NOT NULL
         ORDER BY legs.transaction_id LIMIT CAST(? AS INTEGER)`,after,limit).toArray()}entriesAfter(after,last,limit){return this.#storage.sql.exec(`SELECT * FROM entries WHERE sequence > CAST(? AS IN\
TEGER)
           AND sequence <= CAST(? AS INTEGER) ORDER BY sequence LIMIT CAST(? AS INTEGER)`,after,last,limit).toArray().map(toEntry)}lastEntry(){return this.#storage.sql.exec(`SELECT sequence, hash, cre\
ated_at AS createdAt FROM entries
                   ORDER BY sequence DESC LIMIT 1`).toArray()[0]}insertEntry(entry){this.#storage.sql.exec(`INSERT INTO entries (sequence, transaction_id, type, direction, amount, currency,
         counterparty, provider, payment_reference, description, metadata, created_at,
         previous_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,entry.sequence,entry.transactionId,entry.type,entry.direction,entry.amount,entry.currency,entry.counterparty,entry.provider??null,entry.paymentReference??
null,entry.description??null,encodeEntryMetadata(entry.metadata),entry.createdAt,entry.previousHash,entry.hash)}};var Gathering=class{#storage;#clock;#lastAt=Number.NEGATIVE_INFINITY;#lastTransaction="";#turn;constructor(storage,clock){this.#storage=storage,this.#clock=clock}join(transactionId){let now=this.#clock.
now(),isBusy=transactionId!==this.#lastTransaction&&now-this.#lastAt<=20;return this.#lastAt=now,this.#lastTransaction=transactionId,isBusy?this.#turn??=this.#open():this.#turn}async#open(){try{await this.#storage.
sync()}finally{this.#turn=void 0}}};var sensitive=/(authorization|bearer|cookie|password|secret|token|api[_-]?key)(["'\s:=]+)[^\s"',;]+/gi,quoted=/".*"/gs;function redact(text){return text.replace(quoted,'"..."').replace(sensitive,"$1$2\
[redacted]").slice(0,300)}function describeError(error){return redact(error instanceof Error?`${error.name}: ${error.message}`:String(error))}async function askShard(shard,legs,asked,parts){let questions=legs.map(({transactionId,fingerprint})=>({transactionId,fingerprint}));try{let result=await parts.logs(shard).ask({...asked,questions});return result.
ok?result.answers:void 0}catch(error){parts.log("warn",{event:"call_failed",requestId:asked.requestId,target:`transfer-log ${shard} ask`,detail:describeError(error)});return}}async function askAboutLegs(legs,asked,parts){
let byShard=Map.groupBy(legs,leg=>logShardOf(leg.transactionId)),committed=[],rejected=[],unknown=[],failed=!1;return await Promise.all(Array.from(byShard,async([shard,inShard])=>{let answers=await askShard(
shard,inShard,asked,parts);answers||(failed=!0);for(let[index,answer]of(answers??[]).entries())answer.decision==="commit"?committed.push(answer.posting):answer.decision==="reject"?rejected.push(answer.
posting):answer.decision==="fault"&&unknown.push(inShard[index]?.transactionId??"")})),{committed,rejected,unknown,failed:failed||unknown.length>0}}var Remembered=class{#held=new Map;#end;held(transactionId){return this.#held.get(transactionId)}get end(){return this.#end}noteHeld({transactionId,fingerprint,direction,currency,amount}){let leg={state:"\
held",transactionId,fingerprint,direction,currency,amount};this.#held.set(transactionId,leg)}noteClosed(transactionId){this.#held.delete(transactionId)}noteEnd({sequence,hash,createdAt}){this.#end={sequence,
hash,createdAt}}forget(){this.#held.clear(),this.#end=void 0}};var misled="the object was called as another account than it is";function refuseUnopened(account){return{vote:"no",refusal:{code:"wallet_not_found",account}}}var Account=class{store;#parts;#rules;#schema;#gathering;#identity;#remembered=new Remembered;constructor(parts,rules){
this.#parts=parts,this.#rules=rules,this.#schema=new Schema(parts.storage,rules.migrations),this.#gathering=new Gathering(parts.storage,parts.clock),this.store=new AccountStore(parts.storage)}isOpen(tenant,account){
let identity=this.#readIdentity();if(!identity)return!1;let{class:ownClass,shards}=this.#rules;if(!(identity.class===ownClass&&identity.tenant===tenant&&identity.account===account&&identity.shards===shards))
throw new Error(misled);return!0}#readIdentity(){return!this.#identity&&this.#schema.exists()&&(this.#identity=this.store.identity()),this.#identity}sqlTransaction(body){return this.#remembering(()=>this.#parts.
storage.transactionSync(body))}#remembering(write){try{return write()}catch(error){throw this.#schema.rolledBack(),this.#identity=void 0,this.#remembered.forget(),error}}create(tenant,account){let{class:ownClass,
shards}=this.#rules,address={class:ownClass,id:account},{objectName}=this.#parts;if(objectName!==void 0&&objectName!==accountObjectName(tenant,address))throw new Error(misled);this.#schema.create();let genesis=genesisHash(
tenant,address),now=this.#parts.clock.now();this.store.insertIdentity({class:ownClass,tenant,account,shards,genesis},now)}head(){return this.store.lastEntry()??{sequence:0,hash:this.genesis(),createdAt:0}}genesis(){
let identity=this.store.identity();if(!identity)throw new Error("the account was never opened");return identity.genesis}async hold(call){if(call.protocol!==1)return{vote:"busy",reason:"protocol_versio\
n"};await this.#gathering.join(call.posting.transactionId);let first=this.#attemptHold(call,!0);if("vote"in first)return first.vote;let{failed}=await this.resolve(first.ask,call);if(failed)return{vote:"\
busy",reason:"ask_failed"};let second=this.#attemptHold(call,!1);if("vote"in second)return second.vote;throw new Error("a second attempt does not ask")}#attemptHold(call,mayAsk){let vote=()=>this.#vote(
call,mayAsk);return this.#rules.oneRowHolds?this.#remembering(vote):this.sqlTransaction(vote)}#vote(call,mayAsk){let{posting}=call;if(!this.#openForUse(call))return{vote:refuseUnopened(call.account)};
let considered=this.#rules.consider(posting,call.account),leg=considered.known?this.store.leg(posting.transactionId):void 0,step=legTransitions[leg?.state??"none"].hold;if(leg&&step.effect==="vote_aga\
in")return{vote:this.#voteAgain(leg,call)};if(considered.known)throw new Error("a known leg is gone");let{admission}=considered;if(admission.vote==="yes")return this.store.insertHeld(posting),this.#rules.
onHeld(posting),this.#remembered.noteHeld(posting),{vote:admission};if(admission.contestable&&mayAsk){let ask=this.#rules.contested(posting);if(ask.length>0)return{ask}}return admission.vote==="busy"?
{vote:{vote:"busy",reason:admission.reason}}:(this.store.insertVoid(posting,admission.refusal),{vote:{vote:"no",refusal:admission.refusal}})}#voteAgain(leg,call){let fault=this.#contradiction(leg,call);
return fault?{vote:"fault",detail:fault}:leg.state!=="void"?{vote:"yes"}:{vote:"no",refusal:leg.refusal??{code:"transaction_expired"}}}async post(call){return call.protocol!==1?{acknowledged:!1,reason:"\
protocol_version"}:(await this.#gathering.join(call.posting.transactionId),this.#postNow(call))}#postNow(call){let{posting,tenant,account}=call,leg=this.isOpen(tenant,account)?this.#leg(posting.transactionId):
void 0,fault=leg&&this.#contradiction(leg,call);if(fault)return{acknowledged:!1,reason:"fault",detail:fault};let step=legTransitions[leg?.state??"none"].post;return step.effect==="integrity_fault"?this.#fault(
call,`post of a leg that is ${leg?.state??"none"}`):(step.effect==="append_entry"&&this.#append(posting),{acknowledged:!0})}#leg(transactionId){return this.#remembered.held(transactionId)??this.store.
leg(transactionId)}#append(posting){let entry=nextEntry(this.#remembered.end??this.head(),posting,this.#parts.clock.now()),append=()=>{this.store.insertEntry(entry),this.#rules.onPosted(entry)};this.#rules.
writesWithEntry(entry.sequence)?this.sqlTransaction(append):this.#remembering(append),this.#remembered.noteClosed(entry.transactionId),this.#remembered.noteEnd(entry)}async release(call){return call.protocol!==
1?{acknowledged:!1,reason:"protocol_version"}:(await this.#gathering.join(call.posting.transactionId),this.#releaseNow(call))}#releaseNow(call){return this.sqlTransaction(()=>{let{posting}=call;if(!this.#openForUse(
call))return{acknowledged:!0};let leg=this.store.leg(posting.transactionId),fault=leg&&this.#contradiction(leg,call);if(fault)return{acknowledged:!1,reason:"fault",detail:fault};let step=legTransitions[leg?.
state??"none"].release;return step.effect==="integrity_fault"?this.#fault(call,"release of a leg that is posted"):(step.effect==="write_void"&&(this.#remembered.noteClosed(posting.transactionId),leg?this.
store.voidHeld(posting.transactionId):this.store.insertVoid(posting,void 0),this.#rules.onVoid(posting)),{acknowledged:!0})})}async resolve(legs,call){let{requestId,tenant,account}=call,asked={protocol:1,
requestId,tenant,account},learned=await askAboutLegs(legs,asked,this.#parts);for(let posting of learned.committed)this.#postNow({...asked,posting});for(let posting of learned.rejected)this.#releaseNow(
{...asked,posting});return learned}#openForUse(call){return this.isOpen(call.tenant,call.account)?!0:this.#rules.opensOnUse?(this.create(call.tenant,call.account),!0):!1}#contradiction(leg,call){let{posting}=call;
if(leg.fingerprint===posting.fingerprint&&leg.direction===posting.direction&&leg.currency===posting.currency&&leg.amount===posting.amount)return;let detail="another content than the recorded leg's";return this.#fault(
call,detail),detail}#fault(call,detail){let{requestId,account,posting}=call,{transactionId}=posting;return this.#parts.log("error",{event:"integrity_fault",requestId,transactionId,account,detail}),{acknowledged:!1,
reason:"fault",detail}}};var ClaimStore=class{#storage;constructor(storage){this.#storage=storage}claimant(provider,reference){return this.#storage.sql.exec("SELECT transaction_id FROM claims WHERE provider = ? AND reference \
= ?",provider,reference).toArray()[0]?.transaction_id}look(transactionId,provider,reference){let query=`
      WITH claim AS (SELECT transaction_id FROM claims WHERE provider = ?2 AND reference = ?3)
      SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?1) AS known,
        (SELECT transaction_id FROM claim) AS claimant,
        EXISTS (SELECT 1 FROM legs WHERE open = 0 AND sequence IS NOT NULL
          AND transaction_id = (SELECT transaction_id FROM claim)) AS posted,
        (SELECT count(*) FROM legs WHERE open = 1) AS openLegs`,[row]=this.#storage.sql.exec(query,transactionId,provider,reference).toArray();if(!row)throw new Error("a query of subqueries has one ro\
w");let{known,claimant,posted,openLegs}=row;return{known:known===1,standing:{claim:claimant===null?void 0:{transactionId:claimant,posted:posted===1},openLegs}}}insert(provider,reference,transactionId){
this.#storage.sql.exec("INSERT INTO claims (provider, reference, transaction_id) VALUES (?, ?, ?)",provider,reference,transactionId)}delete(provider,reference,transactionId){this.#storage.sql.exec("DE\
LETE FROM claims WHERE provider = ? AND reference = ? AND transaction_id = ?",provider,reference,transactionId)}};function claimOf(posting){let{provider,paymentReference}=posting;if(provider===void 0||
paymentReference===void 0)throw new Error("money from outside has a payment reference");return[provider,paymentReference]}function createExternalAccount(parts,migrations){let claims=new ClaimStore(parts.
storage),account=new Account(parts,{class:"external-account",migrations,shards:shardCount,opensOnUse:!0,oneRowHolds:!1,writesWithEntry:()=>!1,consider(posting){let{known,standing}=claims.look(posting.
transactionId,...claimOf(posting));return known?{known}:{known,admission:admitToExternalAccount(standing)}},contested:posting=>{let held=account.store.heldLegs(),claimant=claims.claimant(...claimOf(posting));
return claimant===void 0?held:held.filter(leg=>leg.transactionId===claimant)},onHeld:posting=>claims.insert(...claimOf(posting),posting.transactionId),onVoid:posting=>claims.delete(...claimOf(posting),
posting.transactionId),onPosted:()=>{}});return account}var unrecordedCodes=["not_found","method_not_allowed","auth_not_configured","rate_limited","unauthenticated","forbidden","overloaded","unsupported_media_type","payload_too_large","malformed_json","val\
idation_failed","idempotency_key_missing","idempotency_key_invalid","same_wallet","idempotency_key_reused"],refusalCodes=["wallet_not_found","wallet_frozen","duplicate_payment_reference","insufficient\
_funds","balance_limit_exceeded","transaction_expired"],problemCodes=[...unrecordedCodes,...refusalCodes,"internal"];function firstRefusal(refusals){let first;for(let refusal of refusals)(!first||refusalCodes.
indexOf(refusal.code)<refusalCodes.indexOf(first.code))&&(first=refusal);return first}var sagaTransitions=[{from:"absent",event:"submitted",to:"preparing",action:"hold"},{from:"preparing",event:"all_yes",to:"committed",action:"post"},{from:"preparing",event:"some_no",to:"rejected",action:"\
release"},{from:"preparing",event:"no_decision",to:"preparing",action:"hold"},{from:"preparing",event:"expired",to:"rejected",action:"release"},{from:"committed",event:"unacknowledged",to:"committed",
action:"post"},{from:"committed",event:"acknowledged",to:"committed",action:"answer"},{from:"rejected",event:"unacknowledged",to:"rejected",action:"release"},{from:"rejected",event:"acknowledged",to:"\
rejected",action:"answer"}];function transition(from,event){let found=sagaTransitions.find(row=>row.from===from&&row.event===event);if(!found)throw new Error(`no transition from ${from} on ${event}`);
return found}function deadlineFor(createdAt){return createdAt+preparingMaxMs}function nextAction(saga,now){if(saga.settledAt!==void 0)return"answer";switch(saga.state){case"preparing":return now>=saga.
deadline?"expire":"hold";case"committed":return"post";case"rejected":return"release"}}function tally(votes){let refusal=firstRefusal(votes.flatMap(vote=>vote?.vote==="no"?[vote.refusal]:[]));return refusal?
{event:"some_no",refusal}:{event:votes.length>0&&votes.every(vote=>vote?.vote==="yes")?"all_yes":"no_decision"}}function decisionOf(state){switch(state){case"preparing":return"undecided";case"committe\
d":return"commit";case"rejected":return"reject"}}var currentRenderer=1;function legsOf(request){let{amount,currency}=request;if(!isAmount(amount))throw new Error("amount out of range");let[from,to]=request.type==="funding"?[`external:${request.provider}`,request.walletId]:
[request.fromWalletId,request.toWalletId];if(from===to)throw new Error("one account cannot be both sides");return[{account:from,direction:"debit",amount,currency},{account:to,direction:"credit",amount,
currency}]}function addressOf(transaction,leg){if(leg.account.startsWith("wal_"))return walletAddress(leg.account);let{request,tenant}=transaction;if(request.type!=="funding")throw new Error("only a f\
unding has an external leg");return externalAddress(tenant,request.provider,request.paymentReference)}function postingOf(transaction,leg){let{request}=transaction,counterparty=transaction.legs.find(other=>other.
direction!==leg.direction);if(!counterparty)throw new Error("a transaction needs legs on both sides");return{transactionId:transaction.id,fingerprint:transaction.fingerprint,type:request.type,direction:leg.
direction,amount:leg.amount,currency:leg.currency,counterparty:counterparty.account,...request.type==="funding"&&{provider:request.provider,paymentReference:request.paymentReference},...request.description!==
void 0&&{description:request.description},...request.metadata!==void 0&&{metadata:request.metadata}}}var SharedTimer=class{#clock;#waits=new Set;#timer;constructor(clock){this.#clock=clock}now(){return this.#clock.now()}after(delayMs,fire){let wait={at:this.now()+delayMs,fire};return this.#waits.add(
wait),this.#comeBy(wait.at),()=>{this.#waits.delete(wait),this.#waits.size===0&&this.#stop()}}#comeBy(at){if(this.#timer&&this.#timer.at<=at)return;this.#stop();let cancel=this.#clock.after(Math.max(at-
this.now(),0),()=>this.#come());this.#timer={at,cancel}}#come(){let now=Math.max(this.now(),this.#timer?.at??0);this.#timer=void 0;try{for(let wait of[...this.#waits].filter(({at})=>at<=now))this.#waits.
delete(wait)&&wait.fire()}finally{this.#waits.size>0&&this.#comeBy(Math.min(...Array.from(this.#waits,({at})=>at)))}}#stop(){this.#timer?.cancel(),this.#timer=void 0}},timedOut=Symbol("timed out");function withTimeout(clock,promise,delayMs){
return new Promise((resolve,reject)=>{let cancel=clock.after(delayMs,()=>resolve(timedOut));promise.then(resolve,reject).finally(cancel)})}function sleep(clock,delayMs){return new Promise(resolve=>{clock.
after(delayMs,resolve)})}var Acknowledged=class{#storage;#store;#unwritten=new Map;constructor(storage,store){this.#storage=storage,this.#store=store}note(id,at){return this.#unwritten.has(id)?!1:(this.#unwritten.set(id,at),!0)}has(id){
return this.#unwritten.has(id)}write(){let ids=[...this.#unwritten.keys()];for(let[id,at]of this.#unwritten)this.#store.settle(id,at);return ids}forget(written){for(let id of written)this.#unwritten.delete(
id)}flush(){this.#unwritten.size>0&&this.forget(this.#storage.transactionSync(()=>this.write()))}};var AlarmClock=class{#storage;#clock;#setFor=null;constructor(storage,clock){this.#storage=storage,this.#clock=clock}async load(){this.#setFor=await this.#storage.getAlarm()}fired(){this.#setFor=null}async arm(time){
this.comesBy(time)||await this.armWith(()=>({result:void 0,alarmAt:time}))}async armWith(body){let arming,result=this.#storage.transactionSync(()=>{let outcome=body(),{alarmAt}=outcome;if(alarmAt!==void 0&&
!this.comesBy(alarmAt)){let time=Math.max(alarmAt,this.#clock.now());arming={time,done:this.#storage.setAlarm(time)}}return outcome.result});if(!arming)return result;this.#setFor=arming.time;try{await arming.
done}catch(error){throw this.#setFor=null,error}return result}isSet(){return this.#setFor!==null&&this.#setFor>=this.#clock.now()-2e3}comesBy(time){return this.isSet()&&this.#setFor!==null&&this.#setFor<=
time}};function toRecord(stored){let{requestId:_requestId,deadline:_deadline,attempts:_attempts,nextAttemptAt:_nextAttemptAt,stuck:_stuck,...record}=stored;return record}function answerTo(found,asked){if(found?.
tenant!==asked.tenant||found.fingerprint!==asked.fingerprint)return{decision:"fault"};let leg=found.legs.find(one=>addressOf(found,one).id===asked.account);if(!leg)return{decision:"fault"};let decision=decisionOf(
found.state);return decision==="undecided"?{decision}:{decision,posting:postingOf(found,leg)}}function toUnsettled(transaction){return{id:transaction.id,type:transaction.request.type,state:transaction.
state,stuck:transaction.stuck,attempts:transaction.attempts,createdAt:transaction.createdAt,...transaction.decidedAt!==void 0&&{decidedAt:transaction.decidedAt},nextAttemptAt:transaction.nextAttemptAt}}
function committedLegsOf(transaction,account){return transaction.legs.filter(leg=>leg.account===account).map(({direction,amount,currency})=>({transactionId:transaction.id,direction,amount,currency,settled:transaction.
settledAt!==void 0}))}var alarmGuardMs=3e4,alarmSpacingMs=100,cleanBatchMax=100,LogAlarm=class{#parts;constructor(parts){this.#parts=parts}async recover(){try{await this.#parts.alarm.load(),this.#parts.schema.exists()&&await this.#armNext()}catch(error){
this.#logFailure(error)}}armSoon(){let{alarm,clock}=this.#parts;alarm.arm(clock.now()).catch(error=>this.#logFailure(error))}async run(){this.#parts.alarm.fired();try{this.#parts.schema.exists()&&await this.#drive()}catch(error){
this.#logFailure(error),await this.#parts.alarm.arm(this.#parts.clock.now()+alarmGuardMs)}}async#drive(){this.#parts.acknowledged.flush();let now=this.#parts.clock.now(),due=this.#parts.store.due(now,
alarmBatchMax);due.length>0&&await this.#parts.alarm.arm(now+alarmGuardMs),await Promise.all(due.map(one=>this.#parts.runner.advance(one,one.requestId))),this.#parts.acknowledged.flush(),this.#cleanUp(
now-rejectedDetailsMaxMs),await this.#armNext()}#cleanUp(settledUntil){let oldest=this.#parts.store.oldestToClean();oldest!==void 0&&oldest<=settledUntil&&this.#parts.store.clean(settledUntil,cleanBatchMax)}#nextDue(){
let oldest=this.#parts.store.oldestToClean(),times=[this.#parts.store.nextAttemptAt()??1/0,oldest===void 0?1/0:oldest+rejectedDetailsMaxMs],next=Math.min(...times);return next===1/0?void 0:next}async#armNext(){
let next=this.#nextDue(),earliest=this.#parts.clock.now()+alarmSpacingMs;next!==void 0&&await this.#parts.alarm.arm(Math.max(next,earliest))}#logFailure(error){let line={event:"alarm_failed",requestId:"\
alarm",target:"transfer-log",detail:describeError(error)};this.#parts.log("error",line)}};var auditScanMax=2e3,LogReads=class{#schema;#store;#log;#clock;constructor(schema,store,log,clock){this.#schema=schema,this.#store=store,this.#log=log,this.#clock=clock}ask(call){if(call.protocol!==1)
return{answer:{ok:!1,problem:"protocol_version"},overdue:!1};let now=this.#clock.now(),found=call.questions.map(({transactionId})=>this.#find(transactionId)),answers=call.questions.map((question,index)=>this.#answer(
question,found[index],call)),overdue=answers.some((answer,index)=>{let deadline=found[index]?.deadline??Number.POSITIVE_INFINITY;return answer.decision==="undecided"&&now>=deadline});return{answer:{ok:!0,
answers},overdue}}#find(transactionId){return this.#schema.exists()?this.#store.find(transactionId):void 0}#answer(question,found,call){let{transactionId,fingerprint}=question,{tenant,account,requestId}=call,
answer=answerTo(found,{tenant,account,fingerprint});if(answer.decision==="fault"){let line={event:"integrity_fault",requestId,transactionId,account,detail:"an account holds a leg that its log does not\
 know"};this.#log("error",line)}return answer}find(call){let found=this.#find(call.transactionId);return found?.tenant!==call.tenant?{ok:!1,problem:"not_found"}:{ok:!0,transaction:toRecord(found)}}unsettled({
tenant,createdUntil}){return this.#schema.exists()?this.#store.unsettled(tenant,createdUntil,unsettledPerShardMax).map(toUnsettled):[]}committedLegs({tenant,account,after=""}){if(!this.#schema.exists())
return{legs:[],nextAfter:null};let found=this.#store.committedWith(tenant,account,after,auditScanMax);return{legs:found.transactions.flatMap(one=>committedLegsOf(one,account)),nextAfter:found.last}}};function holdDelayMs(round){return Math.min(100*2**(round-1),3200)}function settleDelayMs(attempt,random){let delayMs=Math.min(1e3*2**Math.min(attempt-1,30),3e5);return Math.round(delayMs*(1-random/2))}var LegCalls=class{#parts;#legs;constructor(transaction,requestId,parts){let{tenant,legs}=transaction;this.#parts=parts,this.#legs=legs.map(leg=>{let address=addressOf(transaction,leg),posting=postingOf(
transaction,leg),about={protocol:1,requestId,tenant,account:address.id,posting};return{account:parts.accounts(tenant,address),about}})}requestHolds(){return new Promise(resolve=>{let votes=this.#legs.
map(()=>{}),unanswered=votes.length,stopWaiting,finish=()=>{stopWaiting?.(),resolve([...votes])};this.#legs.forEach((leg,index)=>{this.#call(leg,({account,about})=>account.hold(about)).then(vote=>{votes[index]=
vote,unanswered-=1,unanswered===0?finish():vote?.vote==="no"&&(stopWaiting??=this.#parts.clock.after(otherVotesMaxMs,finish))})})})}settle(phase){return Promise.all(this.#legs.map(leg=>this.#call(leg,
({account,about})=>account[phase](about))))}async#call(leg,call){try{return await call(leg)}catch(error){let{requestId,account:target}=leg.about,detail=describeError(error);this.#parts.log("warn",{event:"\
call_failed",requestId,target,detail});return}}};var SagaRunner=class{#parts;#attempts=new Map;#waiting=new Map;constructor(parts){this.#parts=parts}get inProgress(){return this.#attempts.size}advance(transaction,requestId){let{id}=transaction,now=this.#parts.
clock.now(),running=this.#attempts.get(id);if(running&&now-running.startedAt<attemptMaxMs)return running.done;let done=this.#attempt(transaction,requestId,now).finally(()=>{this.#attempts.get(id)?.done===
done&&this.#attempts.delete(id)});return this.#attempts.set(id,{startedAt:now,done}),done}whenSettled(id){let{promise,resolve}=Promise.withResolvers(),waiters=this.#waiting.get(id)??new Set;return this.#waiting.
set(id,waiters.add(resolve)),{settled:promise,forget:()=>{waiters.delete(resolve),waiters.size===0&&this.#waiting.get(id)===waiters&&this.#waiting.delete(id)}}}async#attempt(seen,requestId,startedAt){
let{id}=seen;try{await this.#walk(seen,requestId,startedAt)}catch(error){this.#logFailure(id,requestId,error),await this.#postpone(id,requestId,!1).catch(again=>this.#logFailure(id,requestId,again))}}async#walk(seen,requestId,startedAt){
let calls=new LegCalls(seen,requestId,this.#parts),transaction=seen;for(let round=1;;round++){let step=await this.#step(transaction,calls,requestId,round);if(step==="finished")return;if("now"in step){
transaction=step.now;continue}let pauseMs="pauseMs"in step?step.pauseMs:void 0;if(pauseMs===void 0||this.#age(startedAt)+pauseMs>=attemptMaxMs){await this.#postpone(seen.id,requestId,"fault"in step&&step.
fault);return}await sleep(this.#parts.clock,pauseMs),transaction=this.#read(seen.id)}}#read(id){let transaction=this.#parts.store.find(id);if(!transaction)throw new Error("no such transaction");return transaction}#logFailure(id,requestId,error){
let detail=describeError(error);this.#parts.log("error",{event:"unhandled",requestId,target:`advance ${id}`,detail})}#age(startedAt){return this.#parts.clock.now()-startedAt}async#step(seen,calls,requestId,round){
let action=nextAction(seen,this.#parts.clock.now());switch(action){case"answer":return this.#announce(seen),"finished";case"expire":return{now:this.#decide(seen,"expired",requestId,{code:"transaction_\
expired"})};case"hold":{let outcome=tally(await calls.requestHolds());if(outcome.event==="no_decision")return{pauseMs:holdDelayMs(round)};let refusal=outcome.event==="some_no"?outcome.refusal:void 0;return{
now:this.#decide(seen,outcome.event,requestId,refusal)}}case"post":case"release":{let answers=await calls.settle(action);return answers.every(answer=>answer?.acknowledged)?(this.#acknowledge(seen,requestId),
"finished"):{fault:answers.some(answer=>answer?.acknowledged===!1&&answer.reason==="fault")}}}}#decide(seen,event,requestId,refusal){let{store,clock}=this.#parts,{to}=transition(seen.state,event),decidedAt=clock.
now();return store.decide(seen.id,to,refusal,decidedAt)?(this.#log(seen,to,requestId),{...seen,state:to,decidedAt,...refusal&&{refusal}}):this.#read(seen.id)}#acknowledge(seen,requestId){transition(seen.
state,"acknowledged");let{acknowledged,clock}=this.#parts;acknowledged.note(seen.id,clock.now())&&this.#log(seen,"settled",requestId),this.#announce(seen)}#log(seen,to,requestId){let{id:transactionId,
state:from}=seen,attempt=seen.attempts+1;this.#parts.log("info",{event:"saga",requestId,transactionId,from,to,attempt})}async#postpone(id,requestId,fault){let{store,alarm,acknowledged,clock,log,random}=this.#parts,
postponed=await alarm.armWith(()=>{let row=store.find(id),isDone=row?.settledAt!==void 0||acknowledged.has(id);if(!row||isDone)return{result:void 0};let attempts=row.attempts+1,delayed=clock.now()+settleDelayMs(
attempts,random()),time=row.state==="preparing"?Math.min(delayed,row.deadline):delayed,stuck=row.stuck||fault||attempts>=attemptsUntilStuck;store.postpone(id,attempts,time,stuck);let alarmAt=alarm.isSet()?
time:store.nextAttemptAt()??time;return{result:{attempts,becameStuck:stuck&&!row.stuck},alarmAt}});if(!postponed?.becameStuck)return;let detail=`not settled after ${postponed.attempts} attempts`;log("\
error",{event:"stuck",requestId,transactionId:id,detail})}#announce(settled){for(let resolve of this.#waiting.get(settled.id)??[])resolve(settled);this.#waiting.delete(settled.id)}};function toTransaction(row){let details=row.details===null?{}:JSON.parse(row.details);return{id:row.id,tenant:row.tenant,fingerprint:row.fingerprint,state:row.state,request:{...JSON.parse(row.request),
...details},legs:JSON.parse(row.legs),renderer:row.renderer,...row.refusal!==null&&{refusal:JSON.parse(row.refusal)},...row.principal!==null&&{principal:row.principal},createdAt:row.created_at,...row.
decided_at!==null&&{decidedAt:row.decided_at},...row.settled_at!==null&&{settledAt:row.settled_at},requestId:row.request_id,deadline:row.deadline,attempts:row.attempts,nextAttemptAt:row.next_attempt_at,
stuck:row.stuck===1}}var TransferLogStore=class{#storage;constructor(storage){this.#storage=storage}identity(){return this.#storage.sql.exec("SELECT class, shard, shards FROM identity WHERE id = 1").toArray()[0]}insertIdentity(shard,shards){
this.#storage.sql.exec("INSERT INTO identity (id, class, shard, shards) VALUES (1, 'transfer-log', ?, ?)",shard,shards)}find(id){let row=this.#storage.sql.exec("SELECT * FROM transactions WHERE open I\
N (0, 1) AND id = ?",id).toArray()[0];return row&&toTransaction(row)}insertPreparing(transaction){let{description,metadata,...request}=transaction.request,hasDetails=description!==void 0||metadata!==void 0;
this.#storage.sql.exec(`INSERT INTO transactions (open, id, tenant, fingerprint, state, request, details, legs,
         renderer, principal, request_id, created_at, deadline, attempts, next_attempt_at, stuck)
       VALUES (1, ?, ?, ?, 'preparing', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)`,transaction.id,transaction.tenant,transaction.fingerprint,JSON.stringify(request),hasDetails?JSON.stringify({description,metadata}):
null,JSON.stringify(transaction.legs),transaction.renderer,transaction.principal??null,transaction.requestId,transaction.createdAt,transaction.deadline,transaction.nextAttemptAt)}decide(id,state,refusal,now){
return this.#storage.sql.exec(`UPDATE transactions SET state = ?, refusal = ?, decided_at = ?
       WHERE open = 1 AND id = ? AND state = 'preparing' RETURNING 1 AS decided`,state,refusal?JSON.stringify(refusal):null,now,id).toArray().length===1}settle(id,settledAt){this.#storage.sql.exec("UP\
DATE transactions SET open = 0, settled_at = ?, stuck = 0 WHERE open = 1 AND id = ?",settledAt,id)}postpone(id,attempts,nextAttemptAt,stuck){this.#storage.sql.exec(`UPDATE transactions SET attempts = \
?, next_attempt_at = ?, stuck = ?
       WHERE open = 1 AND id = ?`,attempts,nextAttemptAt,stuck?1:0,id)}due(now,limit){return this.#storage.sql.exec(`SELECT * FROM transactions
         WHERE open = 1 AND (next_attempt_at <= ? OR (state = 'preparing' AND deadline <= ?))
         ORDER BY created_at, id LIMIT CAST(? AS INTEGER)`,now,now,limit).toArray().map(toTransaction)}nextAttemptAt(){return this.#storage.sql.exec("SELECT min(next_attempt_at) AS time FROM transacti\
ons WHERE open = 1").toArray()[0]?.time??void 0}unsettled(tenant,createdUntil,limit){return this.#storage.sql.exec(`SELECT * FROM transactions WHERE open = 1 AND tenant = ? AND created_at <= ?
         ORDER BY created_at, id LIMIT CAST(? AS INTEGER)`,tenant,createdUntil,limit).toArray().map(toTransaction)}committedWith(tenant,account,after,scanned){let rows=this.#storage.sql.exec(`SELECT *\
 FROM (SELECT * FROM transactions WHERE open = 0 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         UNION ALL SELECT * FROM (SELECT * FROM transactions WHERE open = 1 AND id > ?1
           ORDER BY id LIMIT CAST(?2 AS INTEGER))
         ORDER BY id LIMIT CAST(?2 AS INTEGER)`,after,scanned).toArray();return{transactions:rows.filter(row=>row.tenant===tenant&&row.state==="committed").map(toTransaction).filter(transaction=>transaction.
legs.some(leg=>leg.account===account)),last:rows.length<scanned?null:rows.at(-1)?.id??null}}oldestToClean(){return this.#storage.sql.exec(`SELECT settled_at AS time FROM transactions
         WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL
         ORDER BY settled_at LIMIT 1`).toArray()[0]?.time}clean(until,limit){this.#storage.sql.exec(`UPDATE transactions SET details = NULL WHERE open = 0 AND id IN (
         SELECT id FROM transactions
         WHERE state = 'rejected' AND settled_at IS NOT NULL AND details IS NOT NULL
           AND settled_at <= ?
         ORDER BY settled_at LIMIT CAST(? AS INTEGER))`,until,limit)}};var misled2="the log shard was called as another shard than it is";function recognise(known,{tenant,fingerprint}){return known.tenant===tenant&&known.fingerprint===fingerprint?{transaction:known,replayed:!0}:
{problem:"idempotency_key_reused"}}var SagaLog=class{#parts;#store;#alarm;#runner;#schema;#acknowledged;#reads;#alarmWork;#identity;constructor(parts){this.#parts=parts,this.#schema=new Schema(parts.storage,
parts.migrations),this.#store=new TransferLogStore(parts.storage),this.#alarm=new AlarmClock(parts.storage,parts.clock),this.#acknowledged=new Acknowledged(parts.storage,this.#store);let{log,clock}=parts,
own={store:this.#store,schema:this.#schema,alarm:this.#alarm,acknowledged:this.#acknowledged};this.#runner=new SagaRunner({...parts,...own}),this.#reads=new LogReads(this.#schema,this.#store,log,clock),
this.#alarmWork=new LogAlarm({...own,log,clock,runner:this.#runner})}async recover(){await this.#alarmWork.recover()}async submit(call){if(call.protocol!==1)return{outcome:"refused",problem:"overloade\
d"};let{requestId}=call,admission=await this.#admit(call);if("problem"in admission)return{outcome:"refused",problem:admission.problem};let{transaction:admitted,replayed}=admission,{id}=admitted;if(!replayed){
let created={from:"absent",to:"preparing",attempt:1};this.#parts.log("info",{event:"saga",requestId,transactionId:id,...created})}let settled=admitted.settledAt!==void 0?admitted:await this.#settle(admitted,
requestId),{settledAt:_,...transaction}=toRecord(settled??this.#get(id));return{outcome:settled?"settled":"pending",transaction,replayed}}async#settle(admitted,requestId){let{id}=admitted,{settled,forget}=this.#runner.
whenSettled(id);this.#runner.advance(admitted,requestId);let outcome=await withTimeout(this.#parts.clock,settled,answerWaitMaxMs);if(forget(),outcome!==timedOut)return outcome;let row=this.#get(id);return row.
settledAt!==void 0||this.#acknowledged.has(id)?row:void 0}async#admit(call){let{submission}=call,{id}=submission;return this.#schema.exists()&&this.#checkShard(id),this.#write(()=>{this.#schema.exists()||
this.#createShard(logShardOf(id));let known=this.#store.find(id);if(known)return{result:recognise(known,submission),...this.#lostAlarm()};if(this.#isFull())return{result:{problem:"overloaded"},...this.#lostAlarm()};
let transaction=this.#insert(call),{nextAttemptAt:alarmAt}=transaction;return{result:{transaction,replayed:!1},alarmAt,...this.#lostAlarm()}})}#isFull(){return this.#runner.inProgress>=transactionsInProgressMax||
this.#parts.storage.sql.databaseSize>logBytesMax}async#write(body){let written=[],write=()=>(written=this.#acknowledged.write(),body());try{let result=this.#isAlarmSet()?await this.#armAfter(write()):
await this.#alarm.armWith(write);return this.#acknowledged.forget(written),result}catch(error){throw this.#schema.rolledBack(),this.#identity=void 0,error}}#isAlarmSet(){return this.#schema.isCurrent&&
this.#alarm.comesBy(this.#parts.clock.now()+attemptMaxMs)}async#armAfter({result,alarmAt}){return alarmAt!==void 0&&await this.#alarm.arm(alarmAt),result}#lostAlarm(){let next=this.#alarm.isSet()?void 0:
this.#store.nextAttemptAt();return next===void 0?{}:{alarmAt:next}}#insert({submission,principal,requestId}){let{id,tenant,fingerprint,request}=submission,now=this.#parts.clock.now(),transaction={id,tenant,
fingerprint,request,state:"preparing",legs:legsOf(request),renderer:currentRenderer,principal,createdAt:now,deadline:deadlineFor(now),requestId,attempts:0,nextAttemptAt:now+attemptMaxMs,stuck:!1};return this.#store.
insertPreparing(transaction),transaction}#checkShard(id){let{shard}=this.#identity??=this.#readIdentity();if(shard!==logShardOf(id))throw new Error(misled2)}#readIdentity(){let identity=this.#store.identity();
if(identity?.class!=="transfer-log"||identity.shards!==shardCount)throw new Error(misled2);return identity}#createShard(shard){let{objectName}=this.#parts;if(objectName!==void 0&&objectName!==logObjectName(
shard))throw new Error(misled2);this.#schema.create(),this.#store.insertIdentity(shard,shardCount)}#get(id){let transaction=this.#store.find(id);if(!transaction)throw new Error("a recorded transaction\
 is gone");return transaction}async ask(call){let result=this.#reads.ask(call);return result.overdue&&this.#alarmWork.armSoon(),result.answer}find(call){return this.#acknowledged.flush(),this.#reads.find(
call)}unsettled(call){return this.#acknowledged.flush(),this.#reads.unsettled(call)}committedLegs(call){return this.#acknowledged.flush(),this.#reads.committedLegs(call)}async onAlarm(){await this.#alarmWork.
run()}};var CallFailed=class extends Error{failure;constructor(failure,cause){super(cause instanceof Error?cause.message:String(cause)),this.name=`CallFailed(${failure})`,this.failure=failure}};var edgeWaitMaxMs=2*callMaxMs;function heldAmounts(legs,currency){let debits=0,credits=0;for(let leg of legs)leg.currency===currency&&(leg.direction==="debit"?debits=add(debits,leg.amount):credits=add(credits,leg.amount));return{debits,
credits}}function positionsOf(net,legs){return[...new Set([...Object.keys(net),...legs.map(leg=>leg.currency)])].toSorted().map(currency=>{let balance=net[currency]??0,{debits,credits}=heldAmounts(legs,
currency),free=available(balance,debits);return{currency,balance,available:free,held:debits,incoming:credits}})}var rowsPerTurn=5e3,shardsAtOnce=16;function compareWithLeg(entry,leg){if(entry.direction===leg.direction&&entry.amount===leg.amount&&entry.currency===leg.currency)return;let{sequence,transactionId}=entry;
return{kind:"entry_differs_from_log",sequence,transactionId}}var Audit=class{#account;#store;#parts;#call;#head;#confirmed=new Uint32Array(shardCount);#posted=new Uint32Array(shardCount);checkpoints=0;transactions=0;unreachable=0;constructor(account,store,parts,call){
this.#account=account,this.#store=store,this.#parts=parts,this.#call=call,this.#head=account.head()}get head(){return this.#head}async checkLedger(){let{tenant,walletId}=this.#call,previous=genesisHash(
tenant,walletAddress(walletId));if(this.#account.genesis()!==previous)return{kind:"broken_hash",sequence:0};let sequence=0,net={};for(;sequence<this.#head.sequence;){sequence>0&&await sleep(this.#parts.
clock,0);let turn=this.#account.store.entriesAfter(sequence,this.#head.sequence,rowsPerTurn);if(turn.length===0)return{kind:"sequence_gap",sequence:sequence+1};for(let entry of turn){let difference=this.#checkEntry(
entry,sequence+1,previous)??this.#checkSum(entry,net);if(difference)return difference;net=addNet(net,{[entry.currency]:signed(entry.direction,entry.amount)});let wrong=this.#checkCheckpoint(entry.sequence,
net);if(wrong)return wrong;sequence=entry.sequence,previous=entry.hash}}}#checkEntry(entry,sequence,previousHash){let{transactionId}=entry;if(entry.sequence!==sequence)return{kind:"sequence_gap",sequence};
if(entry.previousHash!==previousHash||entryHash(entry)!==entry.hash)return{kind:"broken_hash",sequence,transactionId};if(this.#account.store.postedSequence(transactionId)!==sequence)return{kind:"entry\
_without_leg",sequence,transactionId};let shard=logShardOf(transactionId);this.#posted[shard]=(this.#posted[shard]??0)+1}#checkSum(entry,net){let{sequence,transactionId,amount}=entry,before=net[entry.
currency]??0;if(entry.direction==="debit")return amount<=before?void 0:{kind:"negative_balance",sequence,transactionId};if(!hasHeadroom(before,0,amount))return{kind:"balance_limit_exceeded",sequence,transactionId}}#checkCheckpoint(sequence,net){
let checkpoint=this.#store.checkpointAt(sequence);if(!checkpoint)return;this.checkpoints+=1;let currencies=new Set([...Object.keys(checkpoint),...Object.keys(net)]);for(let currency of currencies)if(checkpoint[currency]!==
net[currency])return{kind:"wrong_checkpoint",sequence}}async checkLegs(){for(let after="";after!==void 0;){let legs=this.#account.store.postedLegsAfter(after,rowsPerTurn);for(let{sequence,transactionId,
entry}of legs)if(entry!==transactionId)return{kind:"missing_entry",sequence,transactionId};after=legs.at(-1)?.transactionId,after!==void 0&&await sleep(this.#parts.clock,0)}}async checkLogs(){for(let first=0;first<
shardCount;first+=shardsAtOnce){let shards=Array.from({length:shardsAtOnce},(_,index)=>first+index),difference=(await Promise.all(shards.map(shard=>this.#checkShard(shard)))).find(one=>one!==void 0);if(difference)
return difference}}async#checkShard(shard){let{requestId,tenant,walletId}=this.#call,asked={protocol:1,requestId,tenant,account:walletId};try{let after="";for(;after!==null;){let page=await this.#parts.
logs(shard).committedLegs({...asked,after});for(let leg of page.legs){let difference=this.#checkLeg(leg,shard);if(difference)return difference}after=page.nextAfter}return this.#confirmed[shard]===this.#posted[shard]?
void 0:await this.#findUnknown(shard)}catch(error){this.unreachable+=1;let target=`transfer-log ${shardName(shard)} audit`,detail=describeError(error);this.#parts.log("warn",{event:"call_failed",requestId,
target,detail});return}}#checkLeg(leg,shard){this.transactions+=1;let{transactionId}=leg,sequence=this.#account.store.postedSequence(transactionId);if(sequence===void 0)return leg.settled?{kind:"missi\
ng_entry",transactionId}:void 0;if(sequence>this.#head.sequence)return;this.#confirmed[shard]=(this.#confirmed[shard]??0)+1;let[entry]=this.#account.store.entriesAfter(sequence-1,sequence,1);return entry&&
compareWithLeg(entry,leg)}async#findUnknown(shard){let{requestId,tenant,walletId}=this.#call,asked={protocol:1,requestId,tenant,account:walletId},{store}=this.#account;for(let after=0;after<this.#head.
sequence;){let turn=store.entriesAfter(after,this.#head.sequence,rowsPerTurn);for(let{sequence,transactionId}of turn){if(after=sequence,logShardOf(transactionId)!==shard)continue;let fingerprint=store.
leg(transactionId)?.fingerprint??"",questions=[{transactionId,fingerprint}],result=await this.#parts.logs(shard).ask({...asked,questions});if(!result.ok)throw new Error(result.problem);if(result.answers[0]?.
decision!=="commit")return{kind:"entry_unknown_to_log",sequence,transactionId}}if(turn.length===0)break}}};function checkHolds(account,learned){let still=[...learned.committed,...learned.rejected].map(
one=>one.transactionId).find(id=>account.store.leg(id)?.state==="held"),transactionId=learned.unknown[0]??still;return transactionId===void 0?void 0:{kind:"unknown_hold",transactionId}}async function auditWallet(account,store,parts,call){
let held=account.store.heldLegs(),audit=new Audit(account,store,parts,call),learned=await account.resolve(held,{...call,account:call.walletId}),difference=await audit.checkLedger()??await audit.checkLegs()??
checkHolds(account,learned)??await audit.checkLogs(),unasked=learned.failed&&learned.unknown.length===0?1:0;return{ok:!0,head:audit.head,checked:{entries:audit.head.sequence,checkpoints:audit.checkpoints,
holds:held.length,transactions:audit.transactions},...difference&&{difference},unreachableShards:Math.max(audit.unreachable,unasked)}}function firstSequenceFrom(store,last,time){let low=1,high=last+1;for(;low<high;){let middle=Math.floor((low+high)/2);(store.postedAt(middle)??time)<time?low=middle+1:high=middle}return low}function matches(row,filter){
return(filter.currency===void 0||row.currency===filter.currency)&&(filter.direction===void 0||row.direction===filter.direction)&&(filter.type===void 0||row.type===filter.type)}function candidates(store,before,{
currency,direction,type},limit){return(currency??direction??type)!==void 0?store.entriesBefore(before,historyScanMax):store.entriesBefore(before,limit).toArray()}function withBalances(store,scanned,matching){
let lowest=scanned.at(-1);if(!lowest)return[];let net=store.netAt(lowest.sequence-1),entries=[];for(let row of scanned.toReversed()){if(net=addNet(net,{[row.currency]:signed(row.direction,row.amount)}),
!matching.has(row))continue;let{previousHash:_,...entry}=toEntry(row);entries.push({...entry,balanceAfter:net[row.currency]??0})}return entries.toReversed()}function pageOf(store,last,query){let{filter,
limit}=query,before=Math.min(query.before??last+1,last+1);filter.to!==void 0&&(before=Math.min(before,firstSequenceFrom(store,last,filter.to)));let lowest=filter.from===void 0?1:firstSequenceFrom(store,
last,filter.from);if(before<=lowest)return{entries:[],nextBefore:null};let scanned=[],matching=new Set;for(let row of candidates(store,before,filter,limit))if(scanned.push(row),matches(row,filter)&&matching.
add(row),matching.size===limit||scanned.length===historyScanMax||row.sequence===lowest)break;let reached=scanned.at(-1)?.sequence??lowest;return{entries:withBalances(store,scanned,matching),nextBefore:reached>
lowest?reached:null}}function toFreeze(row){return{id:row.freeze_id,fingerprint:row.fingerprint,frozen:row.frozen===1,reason:row.reason,principal:row.principal,renderer:row.renderer,createdAt:row.created_at}}var WalletStore=class{#storage;constructor(storage){
this.#storage=storage}owner(){let row=this.#storage.sql.exec("SELECT * FROM owner WHERE id = 1").toArray()[0];return row&&{fingerprint:row.fingerprint,name:row.name,...row.email!==null&&{email:row.email},
...row.metadata!==null&&{metadata:JSON.parse(row.metadata)},renderer:row.renderer,createdAt:row.created_at}}insertOwner(owner){this.#storage.sql.exec(`INSERT INTO owner (id, fingerprint, name, email, \
metadata, renderer, created_at)
       VALUES (1, ?, ?, ?, ?, ?, ?)`,owner.fingerprint,owner.name,owner.email??null,owner.metadata?JSON.stringify(owner.metadata):null,owner.renderer,owner.createdAt)}freeze(id){let row=this.#storage.
sql.exec("SELECT * FROM freezes WHERE freeze_id = ?",id).toArray()[0];return row&&toFreeze(row)}newestFreezes(limit){return this.#storage.sql.exec("SELECT * FROM freezes ORDER BY id DESC LIMIT CAST(? \
AS INTEGER)",limit).toArray().map(toFreeze)}insertFreeze(freeze){this.#storage.sql.exec(`INSERT INTO freezes (id, frozen, created_at, freeze_id, fingerprint, reason, principal,
         renderer)
       SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?, ?, ?, ? FROM freezes`,freeze.frozen?1:0,freeze.createdAt,freeze.id,freeze.fingerprint,freeze.reason,freeze.principal,freeze.renderer)}look(transactionId,currency){
let query=`
      SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?2) AS known,
        coalesce((SELECT frozen FROM freezes ORDER BY id DESC LIMIT 1), 0) AS frozen,
        count(*) AS openLegs,
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND direction = 'debit'), 0)
          AS heldDebits,
        coalesce(sum(amount) FILTER (WHERE currency = ?1 AND direction = 'credit'), 0)
          AS heldCredits,
        coalesce((SELECT net ->> ?1 FROM checkpoints ORDER BY sequence DESC LIMIT 1), 0)
          + (SELECT coalesce(sum(CASE direction WHEN 'credit' THEN amount ELSE -amount END), 0)
             FROM entries WHERE currency = ?1
               AND sequence > coalesce((SELECT max(sequence) FROM checkpoints), 0)) AS balance
      FROM legs WHERE open = 1`,[row]=this.#storage.sql.exec(query,currency,transactionId).toArray();if(!row)throw new Error("an aggregate has one row");let{known,frozen,...amounts}=row;return{known:known===
1,standing:{...amounts,frozen:frozen===1}}}netAt(sequence){let query=`
      WITH checkpoint AS (SELECT sequence, net FROM checkpoints
        WHERE sequence <= CAST(?1 AS INTEGER) ORDER BY sequence DESC LIMIT 1)
      SELECT (SELECT net FROM checkpoint) AS net,
        (SELECT json_group_array(json_array(
            currency, CASE direction WHEN 'credit' THEN amount ELSE -amount END))
          FROM entries WHERE sequence > coalesce((SELECT sequence FROM checkpoint), 0)
            AND sequence <= CAST(?1 AS INTEGER)) AS since`,[row]=this.#storage.sql.exec(query,sequence).toArray();if(!row)throw new Error("a query of subqueries has one row");let since={};for(let[currency,
amount]of JSON.parse(row.since))since[currency]=add(since[currency]??0,amount);return row.net===null?since:addNet(JSON.parse(row.net),since)}insertCheckpoint(sequence,net){this.#storage.sql.exec("INSE\
RT INTO checkpoints (sequence, net) VALUES (?, ?)",sequence,JSON.stringify(net))}checkpointAt(sequence){let row=this.#storage.sql.exec("SELECT net FROM checkpoints WHERE sequence = CAST(? AS INTEGER)",
sequence).toArray()[0];return row&&JSON.parse(row.net)}entriesBefore(before,limit){return this.#storage.sql.exec(`SELECT * FROM entries WHERE sequence < CAST(? AS INTEGER)
       ORDER BY sequence DESC LIMIT CAST(? AS INTEGER)`,before,limit)}postedAt(sequence){return this.#storage.sql.exec("SELECT created_at FROM entries WHERE sequence = CAST(? AS INTEGER)",sequence).toArray()[0]?.
created_at}};var notFound={ok:!1,problem:"not_found"};function toUser(walletId,owner){let{fingerprint:_,...user}=owner;return{walletId,...user}}function toFreeze2(walletId,stored){let{fingerprint:_,...freeze}=stored;
return{walletId,...freeze}}function isCheckpoint(sequence){return sequence%checkpointInterval===0}var WalletAccount=class{account;#store;#parts;constructor(parts,migrations){this.#parts=parts,this.#store=
new WalletStore(parts.storage),this.account=new Account(parts,this.#rules(migrations))}#rules(migrations){let store=this.#store;return{class:"wallet",migrations,shards:null,opensOnUse:!1,oneRowHolds:!0,
writesWithEntry:isCheckpoint,consider({transactionId,currency,direction,amount},account){let{known,standing}=store.look(transactionId,currency);return known?{known}:{known,admission:admitToWallet(standing,
{account,direction,amount})}},contested:()=>this.account.store.heldLegs(),onHeld:()=>{},onVoid:()=>{},onPosted:({sequence})=>{isCheckpoint(sequence)&&store.insertCheckpoint(sequence,store.netAt(sequence))}}}open(call){
let{tenant,walletId,fingerprint,profile}=call;return this.account.sqlTransaction(()=>{let known=this.account.isOpen(tenant,walletId);if(!known){this.account.create(tenant,walletId);let createdAt=this.#parts.
clock.now();this.#store.insertOwner({...profile,fingerprint,renderer:currentRenderer,createdAt})}let owner=this.#owner();return owner.fingerprint!==fingerprint?{ok:!1,problem:"idempotency_key_reused"}:
{ok:!0,user:toUser(walletId,owner),replayed:known}})}#owner(){let owner=this.#store.owner();if(!owner)throw new Error("an open wallet has an owner");return owner}profile(call){return this.account.isOpen(
call.tenant,call.walletId)?{ok:!0,user:toUser(call.walletId,this.#owner())}:notFound}async readBalance(call){if(!this.account.isOpen(call.tenant,call.walletId))return notFound;let{view,held,inFlight}=await this.#readClean(
call,()=>{let head=this.account.head();return{head,net:this.#store.netAt(head.sequence)}});return{ok:!0,positions:positionsOf(view.net,held),head:view.head,...inFlight!==void 0&&{inFlight}}}async readHistory(call){
if(!this.account.isOpen(call.tenant,call.walletId))return notFound;let pageUpTo=last=>pageOf(this.#store,last,call);if(call.before!==void 0)return{ok:!0,...pageUpTo(call.before-1)};let newest=()=>pageUpTo(
this.account.head().sequence),{view,inFlight}=await this.#readClean(call,newest);return{ok:!0,...view,...inFlight!==void 0&&{inFlight}}}freeze(call){let{tenant,walletId,freezeId,fingerprint,frozen,reason,
principal}=call;return this.account.sqlTransaction(()=>{if(!this.account.isOpen(tenant,walletId))return{ok:!1,problem:"wallet_not_found"};let known=this.#store.freeze(freezeId);if(known&&known.fingerprint!==
fingerprint)return{ok:!1,problem:"idempotency_key_reused"};let act={frozen,reason,principal,createdAt:this.#parts.clock.now()},stored=known??{...act,id:freezeId,fingerprint,renderer:currentRenderer};return known||
this.#store.insertFreeze(stored),{ok:!0,freeze:toFreeze2(walletId,stored),replayed:known!==void 0}})}freezes({tenant,walletId}){return this.account.isOpen(tenant,walletId)?{ok:!0,freezes:this.#store.newestFreezes(
freezesShownMax).map(freeze=>toFreeze2(walletId,freeze))}:notFound}async audit(call){return this.account.isOpen(call.tenant,call.walletId)?auditWallet(this.account,this.#store,this.#parts,call):notFound}async#readClean(call,view){
let capture=()=>({view:view(),held:this.account.store.heldLegs()}),giveUpAt=this.#parts.clock.now()+callMaxMs;for(let pass=1;pass<=readPassesMax;pass++){let captured=capture();if(captured.held.length===
0)return captured;let asked={...call,account:call.walletId},{committed,rejected,failed}=await this.account.resolve(captured.held,asked);if(committed.length===0&&!failed)return{view:captured.view,held:withoutRejected(
captured.held,rejected)};if(this.#parts.clock.now()>=giveUpAt)break}let last=capture();return last.held.length===0?last:{...last,inFlight:last.held.length}}};function withoutRejected(held,rejected){let ids=new Set(
rejected.map(posting=>posting.transactionId));return held.filter(leg=>!ids.has(leg.transactionId))}async function callWithLimit(clock,call,limitMs){let answer=await withTimeout(clock,call(),limitMs);if(answer!==timedOut)return answer;throw new CallFailed("unreachable",`no answer within ${limitMs} m\
s`)}function logsFor(parts,directory){let{caller,clock}=parts,call=(shard,method,argument)=>callWithLimit(clock,()=>directory.network.call(caller,directory.log(shard),method,argument),callMaxMs);return shard=>({
ask:argument=>call(shard,"ask",argument),committedLegs:argument=>call(shard,"committedLegs",argument)})}function accountsFor(parts,directory){let{caller,clock}=parts;return(tenant,address)=>{let to=directory.
account(tenant,address),call=(method,argument)=>callWithLimit(clock,()=>directory.network.call(caller,to,method,argument),callMaxMs);return{hold:argument=>call("hold",argument),post:argument=>call("po\
st",argument),release:argument=>call("release",argument)}}}function createWallet(parts,directory){let wallet=new WalletAccount({...parts,logs:logsFor(parts,directory)},walletMigrations),{account}=wallet;
return{ready:Promise.resolve(),methods:{open:call=>wallet.open(call),profile:call=>wallet.profile(call),readBalance:call=>wallet.readBalance(call),readHistory:call=>wallet.readHistory(call),freeze:call=>wallet.
freeze(call),freezes:call=>wallet.freezes(call),audit:call=>wallet.audit(call),hold:call=>account.hold(call),post:call=>account.post(call),release:call=>account.release(call)}}}function createExternal(parts,directory){
let logs=logsFor(parts,directory),account=createExternalAccount({...parts,logs},externalAccountMigrations);return{ready:Promise.resolve(),methods:{hold:call=>account.hold(call),post:call=>account.post(
call),release:call=>account.release(call)}}}function createLog(running,directory){let parts={...running,clock:new SharedTimer(running.clock)},accounts=accountsFor(parts,directory),log=new SagaLog({...parts,
accounts,migrations:transferLogMigrations});return{ready:log.recover(),methods:{submit:call=>log.submit(call),ask:call=>log.ask(call),find:call=>log.find(call),unsettled:call=>log.unsettled(call),committedLegs:call=>log.
committedLegs(call)},alarm:()=>log.onAlarm()}}export{createExternal,createLog,createWallet};
