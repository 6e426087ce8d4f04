// The answers to writes: replays to the byte, contents as asked for, refusals that are true.
import { isWallet, operationOf, paymentName, paymentOf } from "../operations/all.ts";
import * as oracle from "../oracle/reckoning.ts";
import {
  decidedVariant,
  isRecorded,
  type Answered,
  type History,
  type Transaction,
  type Variant,
} from "./history.ts";
import { flawOfRefusal } from "./refusals.ts";
import type { Report } from "./violations.ts";

export function checkAnswers(history: History, report: Report): void {
  const openedAt = checkOpenings(history, report);
  for (const answer of history.impossible) {
    if (!/committed|pending/.test(answer.outcome)) continue;
    report("impossible_effect", `${lineOf(history, answer)}: ${answer.operation.url}`);
  }
  for (const transaction of history.transactions.values()) {
    const recorded = [...transaction.variants.values()].filter(isRecorded);
    if (recorded.length > 1) {
      report("doubled_effect", `the key of ${transaction.id} got decisions on two requests`);
    }
    for (const variant of transaction.variants.values()) {
      checkReplays(transaction, variant, report);
      for (const answer of variant.answers) {
        if (/committed|pending/.test(answer.outcome)) {
          checkContent(answer, transaction, variant, history, report);
        } else {
          checkRefusal(answer, transaction, variant, { history, openedAt, report });
        }
      }
    }
  }
}

function lineOf(history: History, { operation }: Answered): string {
  return `line ${history.lineOf.get(operation)}`;
}

function checkReplays(transaction: Transaction, variant: Variant, report: Report): void {
  const final = variant.answers.filter(({ outcome }) => /committed|refused/.test(outcome));
  const bodies = new Set(final.map(({ operation }) => `${operation.status} ${operation.body}`));
  for (const { problem } of transaction.lookups) {
    const refused = final[0]?.outcome === "refused";
    if (problem !== undefined && refused) bodies.add(`${final[0]?.operation.status} ${problem}`);
  }
  if (bodies.size > 1) {
    report("changed_replay", `${transaction.id} was answered ${[...bodies].join(" and ")}`);
  }
}

/** The fields of the answer that the request determines. A reason is the text of the entries. */
function expected({ request, lines }: Variant, history: History, createdAt: number) {
  const { defaultCurrency } = history.header;
  const { type, description, metadata } = request;
  const shown = operationOf(request).shownOf(request, defaultCurrency, createdAt);
  const legs = lines.map(({ account, bucket, direction, amount, currency }) => {
    const ofBucket = bucket === "reserved" ? { bucket } : {};
    return { account, ...ofBucket, direction, amount, currency };
  });
  const texts = "reason" in shown ? {} : { description, metadata };
  return { type, ...texts, ...shown, legs };
}

function checkContent(
  answer: Answered,
  { id }: Transaction,
  variant: Variant,
  history: History,
  report: Report,
): void {
  const { content = {}, outcome } = answer;
  const createdAt = Date.parse(String(content["createdAt"]));
  if (Number.isNaN(createdAt)) {
    report("wrong_answer", `${lineOf(history, answer)}: no time in the answer of ${id}`);
    return;
  }
  const asked: Record<string, unknown> = { id, ...expected(variant, history, createdAt) };
  const wrong = Object.keys(asked).filter(
    (field) => JSON.stringify(asked[field]) !== JSON.stringify(content[field]),
  );
  if (content["status"] !== outcome) wrong.push("status");
  if (wrong.length > 0) {
    report("wrong_answer", `${lineOf(history, answer)}: ${wrong.join(", ")} of ${id}`);
  }
}

interface Facts {
  readonly history: History;
  /** When the opening of each wallet was first acknowledged. */
  readonly openedAt: ReadonlyMap<string, number>;
  readonly report: Report;
}

function checkRefusal(
  answer: Answered,
  transaction: Transaction,
  variant: Variant,
  { history, openedAt, report }: Facts,
): void {
  const claim = `${lineOf(history, answer)}: ${String(answer.content?.["code"])}`;
  switch (answer.content?.["code"]) {
    case "wallet_not_found": {
      const open = ({ account }: { account: string }) =>
        !isWallet(account) || (openedAt.get(account) ?? Infinity) < answer.operation.invoked;
      if (variant.lines.every(open)) report("false_refusal", `${claim}, but all were open`);
      return;
    }
    case "duplicate_payment_reference":
    case "duplicate_payout_reference": {
      const first = history.transactions.get(String(answer.content["transactionId"]));
      const used = first && first.entries.length > 0 ? decidedVariant(first) : undefined;
      const payment = paymentName(paymentOf(variant.request));
      const same =
        used && payment !== undefined && paymentName(paymentOf(used.request)) === payment;
      if (!same || first === transaction) {
        report("false_refusal", `${claim}, but it names none that used the reference`);
      }
      return;
    }
    case "idempotency_key_reused":
      if (transaction.variants.size === 1 && !history.batches.has(transaction.id)) {
        report("false_refusal", `${claim}, but the key was used for one request only`);
      }
      return;
    default: {
      const flaw = flawOfRefusal(answer, variant, history);
      if (flaw !== undefined) report("false_refusal", `${claim}, but ${flaw}`);
    }
  }
}

function checkOpenings(history: History, report: Report): ReadonlyMap<string, number> {
  const openedAt = new Map<string, number>();
  for (const [key, answers] of history.openings) {
    const userId = oracle.userId(history.header.tenant, key);
    const walletId = oracle.walletId(history.header.tenant, key);
    const opened = answers.filter(({ outcome }) => outcome === "committed");
    if (new Set(opened.map(({ operation }) => operation.body)).size > 1) {
      report("changed_replay", `the opening of ${walletId} was answered in two ways`);
    }
    for (const answer of opened) {
      if (answer.content?.["id"] !== userId || answer.content["walletId"] !== walletId) {
        report("wrong_answer", `${lineOf(history, answer)}: another user than the key's`);
      }
    }
    openedAt.set(walletId, Math.min(...opened.map(({ operation }) => operation.completed)));
  }
  return openedAt;
}
