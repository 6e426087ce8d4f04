// A readable story against a running service; exits non-zero if anything is off.
// usage: npm run demo -- [--url http://localhost:8787]
import { randomUUID } from "node:crypto";
import { readArguments } from "./usage.mjs";

const usage = "usage: npm run demo -- [--url http://localhost:8787]";

const { values } = readArguments(usage, {
  options: { url: { type: "string", default: "http://localhost:8787" } },
});
if (!URL.canParse(values.url)) {
  console.error(`Not a URL: ${values.url}\n\n${usage}`);
  process.exit(2);
}
const run = randomUUID().slice(0, 8);
let failures = 0;

/** Ends the demo where the service does not answer. */
async function reach(url, init) {
  try {
    return await fetch(url, init);
  } catch {
    console.error(`No service answers at ${url.origin}. Start one with \`npm start\`.`);
    process.exit(1);
  }
}

function readJson(url, status, text) {
  try {
    return JSON.parse(text);
  } catch {
    console.error(`What answers at ${url.origin} is another service (${status}, no JSON).`);
    process.exit(1);
  }
}

/** One request; the answer's status, body as text and as JSON, and headers. */
async function request(method, path, key, body) {
  const response = await reach(new URL(path, values.url), {
    method,
    headers: {
      ...(key && { "idempotency-key": key }),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = readJson(new URL(values.url), response.status, text);
  return { status: response.status, text, json, headers: response.headers };
}

const get = (path) => request("GET", path);
const post = (path, key, body) => request("POST", path, `${key}-${run}`, body);

function tell(sentence) {
  console.log(`\n${sentence}`);
}

/** Prints what came back and checks it. */
function expect(what, actual, wanted) {
  const same = JSON.stringify(actual) === JSON.stringify(wanted);
  if (!same) failures += 1;
  const verdict = same ? "ok " : "OFF";
  const difference = same ? "" : ` (expected ${JSON.stringify(wanted)})`;
  console.log(`  ${verdict} ${what}: ${JSON.stringify(actual)}${difference}`);
}

async function balance(walletId) {
  return (await get(`/wallets/${walletId}/balance`)).json.balance;
}

async function story() {
  tell("Ada and Bob open accounts.");
  const ada = (await post("/users", "ada", { name: "Ada Lovelace" })).json;
  const bob = (await post("/users", "bob", { name: "Bob Bolt" })).json;
  expect(
    "each user has one wallet",
    [ada.walletId, bob.walletId].map((id) => id.slice(0, 4)),
    ["wal_", "wal_"],
  );

  tell("100.00 USD come in for Ada, paid with a bank reference.");
  const deposit = { walletId: ada.walletId, amount: 10_000, paymentReference: `bank-${run}` };
  const funded = await post("/transactions/fund", "deposit", deposit);
  expect("the funding", [funded.status, funded.json.status], [201, "committed"]);

  tell("The bank's message is delivered twice: the same key, the same answer, no second credit.");
  const replay = await post("/transactions/fund", "deposit", deposit);
  expect("the same bytes", replay.text === funded.text, true);
  expect("marked as replayed", replay.headers.get("idempotent-replayed"), "true");

  tell("Somebody sends the same bank reference again, for another wallet.");
  const again = { ...deposit, walletId: bob.walletId };
  const duplicate = await post("/transactions/fund", "fraud", again);
  expect("refused", [duplicate.status, duplicate.json.code], [409, "duplicate_payment_reference"]);
  expect("naming the first", duplicate.json.transactionId, funded.json.id);

  tell("Ada pays Bob 25.00, and Bob pays 10.00 on to Ada.");
  const rent = { fromWalletId: ada.walletId, toWalletId: bob.walletId, amount: 2_500 };
  const paid = await post("/transactions/transfer", "rent", { ...rent, description: "rent" });
  expect("the transfer", [paid.status, paid.json.status], [201, "committed"]);
  const refund = { fromWalletId: bob.walletId, toWalletId: ada.walletId, amount: 1_000 };
  expect("back", (await post("/transactions/transfer", "refund", refund)).status, 201);

  tell("Bob tries to spend more than he has.");
  const yacht = await post("/transactions/transfer", "yacht", { ...refund, amount: 999_999 });
  expect("refused", [yacht.status, yacht.json.code], [422, "insufficient_funds"]);
  const asked = await get(yacht.json.instance);
  expect("on record as", asked.json.status, "rejected");

  tell("Ada pays for an order: 12.00 to Bob and a fee of 3.00 to Cyd, together or not at all.");
  const cyd = (await post("/users", "cyd", { name: "Cyd Charm" })).json;
  const order = (fee) => ({
    postings: [
      { from: ada.walletId, to: bob.walletId, amount: 1_200 },
      { from: ada.walletId, to: cyd.walletId, amount: fee },
    ],
  });
  const dear = await post("/transactions", "dear-order", order(9_000));
  expect("one posting too many", [dear.status, dear.json.code], [422, "insufficient_funds"]);
  const ordered = await post("/transactions", "order", order(300));
  expect("the split", [ordered.status, ordered.json.legs.length], [201, 4]);

  tell("Bob takes 5.00 out, and a second payout under the same reference is refused.");
  const payout = { walletId: bob.walletId, amount: 500, payoutReference: `payout-${run}` };
  const withdrawn = await post("/transactions/withdraw", "payout", payout);
  expect("the withdrawal", [withdrawn.status, withdrawn.json.status], [201, "committed"]);
  const twice = await post("/transactions/withdraw", "payout-again", payout);
  expect("refused", [twice.status, twice.json.code], [409, "duplicate_payout_reference"]);
  const found = await get(`/transactions?payoutReference=payout-${run}`);
  expect(
    "found by its reference",
    found.json.data.map(({ id }) => id),
    [withdrawn.json.id],
  );

  tell("The rent was 5.00 too much: that goes back, and never more than there was.");
  const reverse = `/transactions/${paid.json.id}/reverse`;
  const back = await post(reverse, "give-back", { amount: 500, reason: "Paid too much" });
  expect("the reversal", [back.status, back.json.reverses], [201, paid.json.id]);
  const more = await post(reverse, "give-back-more", { amount: 2_001 });
  expect("refused", [more.status, more.json.code], [422, "reversal_exceeds_original"]);

  tell("The books.");
  expect("Ada has", await balance(ada.walletId), 7_500);
  expect("Bob has", await balance(bob.walletId), 1_700);
  expect("Cyd has", await balance(cyd.walletId), 300);
  const history = (await get(`/transactions?walletId=${bob.walletId}`)).json.data;
  expect(
    "Bob's history, newest first",
    history.map((entry) => [entry.sequence, entry.direction, entry.amount, entry.balanceAfter]),
    [
      [5, "debit", 500, 1_700],
      [4, "debit", 500, 2_200],
      [3, "credit", 1_200, 2_700],
      [2, "debit", 1_000, 1_500],
      [1, "credit", 2_500, 2_500],
    ],
  );
}

await story();
console.log(failures === 0 ? "\nEverything adds up." : `\n${failures} things are off.`);
process.exitCode = failures === 0 ? 0 : 1;
