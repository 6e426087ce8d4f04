// The two phases without a transfer log: the calls that the log would make to the two accounts of a
// submission, so that a test can lose, repeat and reorder them.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { accountObjectName, type AccountAddress } from "../../src/domain/ids.ts";
import {
  addressOf,
  legsOf,
  linesOf,
  type Posting,
  type Submission,
} from "../../src/domain/protocol/transaction.ts";
import type { AccountApi, PostCall } from "../../src/durable-objects/account/contract.ts";
import { accountsOf } from "../../src/durable-objects/rpc/stubs.ts";
import { call, tenant } from "./caller.ts";
import { runSql } from "./objects.ts";

export type Phase = "hold" | "post" | "release";

export interface Side {
  readonly object: DurableObjectStub;
  /** Of a post; of a hold or a release, but for `decidedAt`. */
  readonly call: PostCall;
  /** The account, for calls other than `call`. */
  readonly api: AccountApi;
  readonly hold: () => ReturnType<AccountApi["hold"]>;
  readonly post: () => ReturnType<AccountApi["post"]>;
  readonly release: () => ReturnType<AccountApi["release"]>;
}

/** The sides of a submission in the order of its legs: the debit, then the credit. */
export function sidesOf(submitted: Submission): readonly [Side, Side] {
  const transaction = { ...submitted, lines: linesOf(submitted.request) };
  const decidedAt = Date.now();
  const [debit, credit] = legsOf(transaction).map(({ account, posting }) =>
    sideAt(addressOf(transaction, account), posting, decidedAt),
  );
  if (!debit || !credit) throw new Error("a transaction has two sides");
  return [debit, credit];
}

/** The calls to one account about a leg, whatever it consists of. */
export function sideAt(address: AccountAddress, posting: Posting, decidedAt = Date.now()): Side {
  const namespace = address.class === "wallet" ? env.WALLET : env.EXTERNAL_ACCOUNT;
  const about = { ...call, account: address.id, posting };
  const api = accountsOf(env)(tenant, address);
  return {
    object: namespace.getByName(accountObjectName(tenant, address)),
    call: { ...about, decidedAt },
    api,
    hold: () => api.hold(about),
    post: () => api.post({ ...about, decidedAt }),
    release: () => api.release(about),
  };
}

/** What an account recorded of a transaction: its leg's state, and how many entries it has. */
export async function recordedLeg(object: DurableObjectStub, transactionId: string) {
  const legs = await runSql(object, "SELECT * FROM legs WHERE transaction_id = ?", transactionId);
  const entries = await runSql(
    object,
    "SELECT sequence FROM entries WHERE transaction_id = ?",
    transactionId,
  );
  const leg = legs[0];
  const closed = leg?.["sequence"] === null ? "void" : "posted";
  const state = leg === undefined ? "none" : leg["open"] === 1 ? "held" : closed;
  return { state, legs: legs.length, entries: entries.length };
}

/** Posts `count` legs to a wallet, from inside of its object: as the log would, without the calls.
 *  `make` returns the submission of each; its leg in the wallet is held and posted. */
export async function postMany(
  walletId: string,
  count: number,
  make: (index: number) => Submission,
): Promise<void> {
  const calls = Array.from({ length: count }, (_, index) => {
    const side = sidesOf(make(index)).find((one) => one.call.account === walletId);
    if (!side) throw new Error("the submission has no leg in the wallet");
    return side.call;
  });
  const object = env.WALLET.getByName(accountObjectName(tenant, { class: "wallet", id: walletId }));
  await runInDurableObject(object, async (wallet) => {
    for (const one of calls) {
      const vote = await wallet.hold(one);
      if (vote.vote !== "yes") throw new Error(`not held: ${JSON.stringify(vote)}`);
      await wallet.post(one);
    }
  });
}
