// The floor of the runtime: the objects and the messages of a transfer, and nothing else. No
// identity, no funds, no idempotency, no ledger, no batching. Never deployed: it is what the ledger
// is compared with. One transfer is 5 object requests and 7 durable commits, on 5 rows:
//   log: recorded | accounts: held, held | log: decided | accounts: posted, posted | log: settled
import { DurableObject } from "cloudflare:workers";

interface FloorEnv {
  readonly WALLET: DurableObjectNamespace<Wallet>;
  readonly EXTERNAL_ACCOUNT: DurableObjectNamespace<ExternalAccount>;
  readonly TRANSFER_LOG: DurableObjectNamespace<TransferLog>;
}

/** What a request names: the ledger's own fields, so that one load serves both. */
interface MoneyRequest {
  readonly fromWalletId?: string;
  readonly toWalletId?: string;
  readonly walletId?: string;
  readonly amount: number;
}

interface Submission {
  readonly id: string;
  readonly shard: string;
  readonly request: MoneyRequest;
}

/** What was submitted, and the requests that objects received: all of them live in one isolate. */
let operations = 0;
let objectRequests = 0;

class Account extends DurableObject<FloorEnv> {
  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    ctx.storage.sql.exec(
      `CREATE TABLE IF NOT EXISTS legs (id TEXT PRIMARY KEY, amount INTEGER NOT NULL,
         posted INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
    );
  }

  hold(id: string, amount: number): true {
    objectRequests += 1;
    this.ctx.storage.sql.exec("INSERT INTO legs VALUES (?, ?, 0)", id, amount);
    return true;
  }

  post(id: string): true {
    objectRequests += 1;
    this.ctx.storage.sql.exec("UPDATE legs SET posted = 1 WHERE id = ?", id);
    return true;
  }
}

export class Wallet extends Account {}

export class ExternalAccount extends Account {}

/** Bound like the others, and never called. */
export class KeyRing extends DurableObject<FloorEnv> {}

export class TransferLog extends DurableObject<FloorEnv> {
  constructor(ctx: DurableObjectState, env: FloorEnv) {
    super(ctx, env);
    ctx.storage.sql.exec(
      `CREATE TABLE IF NOT EXISTS transactions (id TEXT PRIMARY KEY, request TEXT NOT NULL,
         state TEXT NOT NULL) STRICT, WITHOUT ROWID`,
    );
  }

  async submit({ id, shard, request }: Submission): Promise<Submission> {
    operations += 1;
    objectRequests += 1;
    const { sql } = this.ctx.storage;
    const accounts = this.#accountsOf(shard, request);
    sql.exec("INSERT INTO transactions VALUES (?, ?, 'open')", id, JSON.stringify(request));
    await Promise.all(accounts.map((account) => account.hold(id, request.amount)));
    sql.exec("UPDATE transactions SET state = 'committed' WHERE id = ?", id);
    await Promise.all(accounts.map((account) => account.post(id)));
    sql.exec("UPDATE transactions SET state = 'settled' WHERE id = ?", id);
    return { id, shard, request };
  }

  #accountsOf(shard: string, request: MoneyRequest) {
    const { WALLET, EXTERNAL_ACCOUNT } = this.env;
    const { fromWalletId, toWalletId, walletId = "" } = request;
    return fromWalletId !== undefined && toWalletId !== undefined
      ? [WALLET.getByName(fromWalletId), WALLET.getByName(toWalletId)]
      : [EXTERNAL_ACCOUNT.getByName(shard), WALLET.getByName(walletId)];
  }
}

export default {
  async fetch(httpRequest, env) {
    if (httpRequest.method === "GET") return Response.json({ operations, objectRequests });
    const id = httpRequest.headers.get("idempotency-key") ?? "";
    // Keys are random in hexadecimal, so their first two digits spread over as many shards as the
    // ledger has.
    const shard = id.slice(0, 2);
    const request = await httpRequest.json<MoneyRequest>();
    const log = env.TRANSFER_LOG.getByName(shard);
    return Response.json(await log.submit({ id, shard, request }), { status: 201 });
  },
} satisfies ExportedHandler<FloorEnv>;
