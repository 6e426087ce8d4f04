// The ledger without HTTP: opens wallets and submits transactions to the objects themselves, as the
// edge does. Every call uses fresh keys unless it is given one, so that tests share nothing.
import { env } from "cloudflare:workers";
import {
  accountObjectName,
  externalShardOf,
  freezeIdFor,
  logShardOf,
  transactionIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../src/domain/ids.ts";
import { addressOf, submissionOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { fingerprintFreeze, fingerprintUser } from "../../src/domain/fingerprint.ts";
import {
  protocolVersion,
  type BalanceReading,
  type SubmitResult,
} from "../../src/durable-objects/rpc/contract.ts";
import { logStub, walletStub } from "../../src/durable-objects/rpc/stubs.ts";

export const tenant = "main";
export const call = { protocol: protocolVersion, requestId: "test", tenant } as const;

/** How many keys a key shares no shard with: those drawn before it in the same file of tests. */
const apart = 100;
const drawn: { readonly log: number; readonly external: number }[] = [];

/** A key that was never used: for an operation, or as a payment reference. Whatever it is used for,
 *  its shard is none of the last hundred keys': a test that compares the whole of an object never
 *  meets another transaction there by chance, as random keys in 256 shards would now and then. */
export function newKey(): string {
  return drawKey(({ log, external }) =>
    drawn.every((other) => other.log !== log && other.external !== external),
  );
}

/** A key that was never used, whose transaction is kept by the given log shard. */
export function keyInShard(shard: number): string {
  return drawKey(({ log }) => log === shard);
}

/** A payment reference that was never used, whose funding is debited in the given shard. */
export function referenceInShard(shard: number): string {
  return drawKey(({ external }) => external === shard);
}

/** A payment reference that has the same shard with the default provider and with another one. */
export function referenceSharedWith(provider: string): string {
  return drawKey(({ external }, key) => external === externalShardOf(tenant, provider, key));
}

function drawKey(fits: (shards: (typeof drawn)[number], key: string) => boolean): string {
  for (;;) {
    const key = crypto.randomUUID();
    const log = logShardOf(transactionIdFor(tenant, key));
    const external = externalShardOf(tenant, "default", key);
    if (!fits({ log, external }, key)) continue;
    if (drawn.push({ log, external }) > apart) drawn.shift();
    return key;
  }
}

/** Opens a wallet for a new user and returns its id. */
export async function openWallet(name = "Ada"): Promise<string> {
  const walletId = walletIdOfUser(userIdFor(tenant, newKey()));
  const profile = { name };
  const opened = { ...call, walletId, profile, fingerprint: fingerprintUser(profile) };
  const result = await walletStub(env, tenant, walletId).open(opened);
  if (!result.ok) throw new Error(result.problem);
  return walletId;
}

/** Freezes a wallet, or thaws it. */
export async function freeze(walletId: string, frozen: boolean): Promise<void> {
  const act = { frozen, reason: "test" };
  const freezeId = freezeIdFor(tenant, walletId, newKey());
  const asked = { ...call, walletId, principal: "test", freezeId };
  const wallet = walletStub(env, tenant, walletId);
  const result = await wallet.freeze({ ...asked, ...act, fingerprint: fingerprintFreeze(act) });
  if (!result.ok) throw new Error(result.problem);
}

export function submission(sent: SentRequest, key = newKey()): Submission {
  return submissionOf(tenant, key, sent, "USD");
}

export function submit(submitted: Submission): Promise<SubmitResult> {
  const log = logStub(env, logShardOf(submitted.id));
  return log.submit({ ...call, principal: "test", submission: submitted });
}

export function funding(
  walletId: string,
  amount: number,
  paymentReference: string = newKey(),
): SentRequest {
  return { type: "funding", walletId, amount, paymentReference };
}

export function transfer(fromWalletId: string, toWalletId: string, amount: number): SentRequest {
  return { type: "transfer", fromWalletId, toWalletId, amount };
}

/** Opens a wallet that holds `amount`. */
export async function fundedWallet(amount: number): Promise<string> {
  const walletId = await openWallet();
  const funded = await submit(submission(funding(walletId, amount)));
  if (outcomeOf(funded) !== "committed") throw new Error(`funding: ${outcomeOf(funded)}`);
  return walletId;
}

/** "committed", the code of the refusal, "pending", or the problem that kept it from being recorded. */
export function outcomeOf(result: SubmitResult): string {
  if (result.outcome === "refused") return result.problem;
  if (result.outcome === "pending") return "pending";
  return result.transaction.refusal?.code ?? result.transaction.state;
}

export async function readBalance(walletId: string): Promise<BalanceReading> {
  const reading = await walletStub(env, tenant, walletId).readBalance({ ...call, walletId });
  if (!reading.ok) throw new Error(reading.problem);
  return reading;
}

/** The balance in USD. */
export async function balanceOf(walletId: string): Promise<number> {
  const { positions } = await readBalance(walletId);
  return positions.find((position) => position.currency === "USD")?.balance ?? 0;
}

export function walletObject(walletId: string) {
  return env.WALLET.getByName(accountObjectName(tenant, { class: "wallet", id: walletId }));
}

export function logObject(transactionId: string) {
  return env.TRANSFER_LOG.getByName(
    `transfer-log-${logShardOf(transactionId).toString(16).padStart(2, "0")}`,
  );
}

/** The shard of the outside world that keeps the debit of a funding. */
export function externalObject(submitted: Submission) {
  const address = addressOf(submitted, {
    account: "external:default",
    direction: "debit",
    amount: submitted.request.amount,
    currency: submitted.request.currency,
  });
  return env.EXTERNAL_ACCOUNT.getByName(accountObjectName(tenant, address));
}

export { transactionIdFor };
