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
  return (await get(`/wallets/${walletId}/balance`)).json;
}

async function openAccount(key, name) {
  return (await post("/users", key, { name })).json;
}

async function fundings() {
  tell("Ada and Bob open accounts.");
  const ada = await openAccount("ada", "Ada Lovelace");
  const bob = await openAccount("bob", "Bob Bolt");
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
  return { ada, bob };
}

async function transfers({ ada, bob }) {
  tell("Ada pays Bob 25.00, and Bob pays 10.00 on to Ada.");
  const rent = { fromWalletId: ada.walletId, toWalletId: bob.walletId, amount: 2_500 };
  const paid = await post("/transactions/transfer", "rent", { ...rent, description: "rent" });
  expect("the transfer", [paid.status, paid.json.status], [201, "committed"]);
  const share = { fromWalletId: bob.walletId, toWalletId: ada.walletId, amount: 1_000 };
  expect("back", (await post("/transactions/transfer", "share", share)).status, 201);

  tell("Bob tries to spend more than he has.");
  const yacht = await post("/transactions/transfer", "yacht", { ...share, amount: 999_999 });
  expect("refused", [yacht.status, yacht.json.code], [422, "insufficient_funds"]);
  const asked = await get(yacht.json.instance);
  expect("on record as", asked.json.status, "rejected");
  return paid.json;
}

async function marketplace({ ada, bob }) {
  tell("Ada pays for an order: 12.00 to Bob and a fee of 3.00 to Cyd, together or not at all.");
  const cyd = await openAccount("cyd", "Cyd Charm");
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

  tell("The goods never arrive: the order is refunded as a whole, and the fee with it.");
  const reverse = `/transactions/${ordered.json.id}/reverse`;
  const refund = await post(reverse, "refund-order", { reason: "Not delivered" });
  expect("the refund", [refund.status, refund.json.reverses], [201, ordered.json.id]);
  expect("Cyd has given back the fee", (await balance(cyd.walletId)).balance, 0);
  const twice = await post(reverse, "refund-again", {});
  expect("not twice", [twice.status, twice.json.code], [422, "reversal_exceeds_original"]);
}

async function holdAndCapture({ ada, bob }) {
  tell("Ada checks in at Bob's: 20.00 are reserved, as a hotel reserves them on a card.");
  const stay = { fromWalletId: ada.walletId, toWalletId: bob.walletId, amount: 2_000 };
  const hold = { ...stay, capture: "manual", expiresIn: 86_400, description: "Room 7" };
  const held = await post("/transactions/transfer", "hold", hold);
  expect("the authorization", [held.status, held.json.type], [201, "authorization"]);
  const { reserved, available } = await balance(ada.walletId);
  expect("reserved, and left to spend", [reserved, available], [2_000, 6_500]);

  tell("She leaves earlier: 15.00 are captured, and the rest is hers again.");
  const capture = `/transactions/${held.json.id}/capture`;
  const captured = await post(capture, "capture", { amount: 1_500 });
  expect("the capture", [captured.status, captured.json.amount], [201, 1_500]);
  const late = await post(capture, "capture-again", { amount: 500 });
  expect("only once", [late.status, late.json.code], [409, "authorization_captured"]);
  const end = (await get(`/transactions/${held.json.id}`)).json.authorization;
  expect("ended by the capture", [end.status, end.endedBy], ["captured", captured.json.id]);
  const left = await balance(ada.walletId);
  expect("nothing stays reserved", [left.reserved, left.available], [0, 7_000]);
}

async function refunds(rent) {
  tell("The rent was too much: 5.00 go back, later 10.00, and never more than there was.");
  const reverse = `/transactions/${rent.id}/reverse`;
  const back = await post(reverse, "give-back", { amount: 500, reason: "Paid too much" });
  expect("the first part", [back.status, back.json.reverses], [201, rent.id]);
  expect("the second", (await post(reverse, "give-more-back", { amount: 1_000 })).status, 201);
  const more = await post(reverse, "give-too-much-back", { amount: 1_001 });
  expect("refused", [more.status, more.json.code], [422, "reversal_exceeds_original"]);
  expect("given back", (await get(`/transactions/${rent.id}`)).json.reversedAmount, 1_500);
}

async function payouts({ bob }) {
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
}

async function payoutsThatFail({ bob }) {
  tell("A payout is reserved first. The provider says no: it is cancelled, and nothing has left.");
  const asked = { walletId: bob.walletId, amount: 800, capture: "manual" };
  const refused = await post("/transactions/withdraw", "hold-payout", asked);
  expect("reserved", (await balance(bob.walletId)).reserved, 800);
  const cancel = `/transactions/${refused.json.id}/cancel`;
  const cancelled = await post(cancel, "cancel-payout", { reason: "Account closed" });
  expect("the cancellation", [cancelled.status, cancelled.json.type], [201, "cancellation"]);
  const after = await balance(bob.walletId);
  expect("available again", [after.reserved, after.available], [0, 1_000]);

  tell("The next one is sent: its capture names the payout. Then the bank returns the money.");
  const next = { ...asked, amount: 600 };
  const held = await post("/transactions/withdraw", "hold-next-payout", next);
  const capture = `/transactions/${held.json.id}/capture`;
  const named = { payoutReference: `sent-${run}` };
  const sent = await post(capture, "capture-payout", named);
  expect("the capture", [sent.status, sent.json.payoutReference], [201, named.payoutReference]);
  expect("it has left the wallet", (await balance(bob.walletId)).balance, 400);
  const reverse = `/transactions/${sent.json.id}/reverse`;
  const returned = await post(reverse, "return-payout", { reason: "Returned by the bank" });
  expect("the return", [returned.status, returned.json.reverses], [201, sent.json.id]);
  expect("it is back", (await balance(bob.walletId)).balance, 1_000);
}

async function exchange({ ada }) {
  tell("Ada buys 9.20 EUR for 10.00 USD from a desk: both amounts move, or none.");
  const desk = await openAccount("desk", "Exchange desk");
  const stock = { walletId: desk.walletId, amount: 50_000, currency: "EUR" };
  await post("/transactions/fund", "stock", { ...stock, paymentReference: `stock-${run}` });
  const postings = [
    { from: ada.walletId, to: desk.walletId, amount: 1_000, currency: "USD" },
    { from: desk.walletId, to: ada.walletId, amount: 920, currency: "EUR" },
  ];
  const exchanged = await post("/transactions", "exchange", { postings });
  expect("the exchange", [exchanged.status, exchanged.json.status], [201, "committed"]);
  expect(
    "Ada's two currencies",
    (await balance(ada.walletId)).balances.map((one) => [one.currency, one.balance]),
    [
      ["EUR", 920],
      ["USD", 7_500],
    ],
  );
}

/** Repeats the request, with its key, while some of its items are not final. */
async function submitBatch(key, items) {
  const answer = await post("/transactions/batch", key, { items });
  return answer.status === 202 ? submitBatch(key, items) : answer;
}

async function payroll() {
  tell("Acme pays a hundred people 500.00 each in one batch; one has three zeros too many.");
  const acme = await openAccount("acme", "Acme");
  const people = await Promise.all(
    Array.from({ length: 100 }, (_, index) => openAccount(`person-${index}`, `Person ${index}`)),
  );
  const payday = { walletId: acme.walletId, amount: 5_000_000, paymentReference: `payday-${run}` };
  await post("/transactions/fund", "payday", payday);
  const wages = people.map(({ walletId }, index) => ({
    operation: "transfer",
    fromWalletId: acme.walletId,
    toWalletId: walletId,
    amount: index === 41 ? 50_000_000 : 50_000,
  }));
  const paid = await submitBatch("payroll", wages);
  const refused = paid.json.items.filter(({ status }) => status !== 201);
  expect("the batch, and its items", [paid.status, paid.json.items.length], [200, 100]);
  expect(
    "refused alone",
    refused.map(({ status, body }) => [status, body.code]),
    [[422, "insufficient_funds"]],
  );
  expect("in its place", paid.json.items.indexOf(refused[0]), 41);
  expect("Acme has left", (await balance(acme.walletId)).balance, 50_000);

  tell("Its key again: the same answer. The one that was refused is paid under a new key.");
  const replay = await submitBatch("payroll", wages);
  expect("the same bytes", replay.text === paid.text, true);
  const { operation: _, ...wage } = wages[41];
  const mended = await post("/transactions/transfer", "wage-42", { ...wage, amount: 50_000 });
  expect("the transfer", [mended.status, mended.json.status], [201, "committed"]);
  expect("each is paid once: Acme has", (await balance(acme.walletId)).balance, 0);
}

async function books({ ada, bob }) {
  tell("The books.");
  expect("Ada has", (await balance(ada.walletId)).balance, 7_500);
  expect("Bob has", (await balance(bob.walletId)).balance, 1_000);
  const history = (await get(`/transactions?walletId=${bob.walletId}&limit=4`)).json.data;
  expect(
    "Bob's history, newest first",
    history.map((row) => [row.sequence, row.type, row.bucket, row.direction, row.balanceAfter]),
    [
      [16, "reversal", "available", "credit", 1_000],
      [15, "capture", "reserved", "debit", 0],
      [14, "authorization", "reserved", "credit", 600],
      [13, "authorization", "available", "debit", 400],
    ],
  );
}

async function story() {
  const users = await fundings();
  const rent = await transfers(users);
  await payouts(users);
  await marketplace(users);
  await holdAndCapture(users);
  await refunds(rent);
  await payoutsThatFail(users);
  await exchange(users);
  await payroll();
  await books(users);
}

await story();
console.log(failures === 0 ? "\nEverything adds up." : `\n${failures} things are off.`);
process.exitCode = failures === 0 ? 0 : 1;
