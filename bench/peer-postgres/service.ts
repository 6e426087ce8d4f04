// The peer: the service that a team would write on PostgreSQL instead, with the same requests. Hono
// on Node, one SQL transaction for each write: idempotency row, row locks in one order, the balance
// as a sum, two entries. Run as `node service.ts PORT DATABASE_URL`. Never deployed.
import { serve } from "@hono/node-server";
import { Hono, type Context } from "hono";
import postgres from "postgres";

const [port, url = ""] = process.argv.slice(2);

/** As many as the scenarios have connections at most where that still pays on one machine. */
const connectionsMax = 32;

/** The other side of what comes in: no row of `accounts`, so fundings do not queue for its lock. */
const outside = "external:default";

const sql = postgres(url, { max: connectionsMax, onnotice: () => {} });
type Sql = postgres.TransactionSql;

interface Answer {
  readonly status: 200 | 201 | 404 | 409 | 422;
  readonly body: object;
}

interface Movement {
  readonly type: "funding" | "transfer";
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly paymentReference?: string;
}

/** Answers a known key from its row; else runs `work` and keeps its answer with it. */
async function once(c: Context, work: (sql: Sql, key: string, body: never) => Promise<Answer>) {
  const key = c.req.header("idempotency-key") ?? "";
  const text = await c.req.text();
  const answer = await sql.begin(async (tx) => {
    const inserted = await tx`INSERT INTO idempotency_keys (key, request) VALUES (${key}, ${text})
      ON CONFLICT DO NOTHING`;
    if (inserted.count === 0) {
      const [known] = await tx<{ request: string; status: number; body: string }[]>`
        SELECT request, status, body FROM idempotency_keys WHERE key = ${key}`;
      if (known?.request === text) return known;
      return { status: 422, body: '{"code":"idempotency_key_reused"}' };
    }
    const done = await work(tx, key, JSON.parse(text) as never);
    const body = JSON.stringify(done.body);
    await tx`UPDATE idempotency_keys SET status = ${done.status}, body = ${body}
      WHERE key = ${key}`;
    return { status: done.status, body };
  });
  const headers = { "content-type": "application/json" };
  return new Response(answer.body, { status: answer.status, headers });
}

/** Locks what is debited or credited, the smaller id first, so that no two transfers deadlock. */
async function move(tx: Sql, key: string, movement: Movement): Promise<Answer> {
  const { type, from, to, amount, paymentReference = null } = movement;
  const wallets = [from, to].filter((id) => id !== outside);
  const locked =
    await tx`SELECT id FROM accounts WHERE id IN ${tx(wallets)} ORDER BY id FOR UPDATE`;
  if (locked.count !== wallets.length) return { status: 404, body: { code: "wallet_not_found" } };
  if (from !== outside) {
    const [held] = await tx<{ balance: string }[]>`SELECT coalesce(sum(amount), 0) AS balance
      FROM entries WHERE account = ${from} AND currency = 'USD'`;
    if (BigInt(held?.balance ?? 0) < BigInt(amount)) {
      return { status: 422, body: { code: "insufficient_funds" } };
    }
  }
  const created = await tx<{ created_at: Date }[]>`INSERT INTO transactions
    (id, type, amount, currency, debit_account, credit_account, payment_reference)
    VALUES (${key}, ${type}, ${amount}, 'USD', ${from}, ${to}, ${paymentReference})
    ON CONFLICT (payment_reference) DO NOTHING RETURNING created_at`;
  if (!created[0]) return { status: 409, body: { code: "duplicate_payment_reference" } };
  await tx`INSERT INTO entries (account, transaction_id, currency, amount)
    VALUES (${from}, ${key}, 'USD', ${-amount}), (${to}, ${key}, 'USD', ${amount})`;
  const createdAt = created[0].created_at.toISOString();
  const body = { id: key, type, status: "committed", amount, currency: "USD", from, to, createdAt };
  return { status: 201, body };
}

const app = new Hono();

app.get("/health", (c) => c.json({ status: "ok" }));

app.post("/users", (c) =>
  once(c, async (tx, key, { name }: { name: string }) => {
    const walletId = `wal_${key}`;
    await tx`INSERT INTO accounts (id, name) VALUES (${walletId}, ${name})`;
    return { status: 201, body: { id: `usr_${key}`, walletId, name } };
  }),
);

app.post("/transactions/fund", (c) =>
  once(c, (tx, key, body: { walletId: string; amount: number; paymentReference: string }) => {
    const { walletId, amount, paymentReference } = body;
    const movement = { type: "funding", from: outside, to: walletId } as const;
    return move(tx, key, { ...movement, amount, paymentReference });
  }),
);

app.post("/transactions/transfer", (c) =>
  once(c, (tx, key, body: { fromWalletId: string; toWalletId: string; amount: number }) => {
    const { fromWalletId, toWalletId, amount } = body;
    return move(tx, key, { type: "transfer", from: fromWalletId, to: toWalletId, amount });
  }),
);

app.get("/wallets/:id/balance", async (c) => {
  const id = c.req.param("id");
  const [row] = await sql<{ known: number; balance: string }[]>`
    SELECT count(*)::int AS known,
      (SELECT coalesce(sum(amount), 0) FROM entries WHERE account = ${id} AND currency = 'USD')
        AS balance
    FROM accounts WHERE id = ${id}`;
  if (!row?.known) return c.json({ code: "wallet_not_found" }, 404);
  const balance = Number(row.balance);
  return c.json({ walletId: id, currency: "USD", balance, available: balance });
});

const server = serve({ fetch: app.fetch, port: Number(port), hostname: "127.0.0.1" });
process.once("SIGTERM", () => {
  server.close();
  void sql.end().then(() => process.exit(0));
});
