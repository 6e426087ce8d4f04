// The ways to damage what acts on other transactions: ends of authorizations, and reversals.
import { transactionIdFor } from "../../src/domain/ids.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { bodyOf, linesOf, operationOf, pathOf } from "../operations/all.ts";
import type { Body, Earlier } from "../operations/operation.ts";
import type { BadHistory, Op, Row } from "./bad-history.ts";
import { forgetTimes, found, singleEntries, walletOf, type Corruption } from "./corruptions.ts";
import { earlierIn, type Act, type Transaction } from "./history.ts";
import { tenant } from "./model-service.ts";

/** A transaction of the clean history, and what acts on it. */
interface Acted {
  readonly transaction: Transaction;
  readonly earlier: Earlier;
  readonly acts: readonly Act[];
}

function actedIn(history: BadHistory): readonly Acted[] {
  const interpreted = history.interpreted();
  return [...interpreted.transactions.values()].flatMap((transaction) => {
    const earlier = earlierIn(transaction, interpreted);
    const acts = interpreted.acts.get(transaction) ?? [];
    return earlier ? [{ transaction, earlier, acts }] : [];
  });
}

function endOf({ acts }: Acted): Act | undefined {
  return acts.find(({ variant }) => operationOf(variant.request).endsAs !== undefined);
}

function isAnswered({ variant }: Act): boolean {
  return variant.answers.some(({ outcome }) => outcome === "committed");
}

/** Ended as `ending`, if it is given, with an end that a client knows of, but for an expiry; those
 *  of payouts left out. */
function endedIn(history: BadHistory, ending?: string): readonly (Acted & { end: Act })[] {
  return actedIn(history).flatMap((one) => {
    const end = endOf(one);
    const endsAs = end && operationOf(end.variant.request).endsAs;
    const isWanted = ending === undefined ? endsAs !== "expired" : endsAs === ending;
    const isInside = one.earlier.reserved?.to.startsWith("wal_") === true;
    if (!end || !isWanted || !isInside) return [];
    return endsAs === "expired" || isAnswered(end) ? [{ ...one, end }] : [];
  });
}

/** What is left in the end. */
function leftIn(history: BadHistory, walletId: string, bucket: string, currency: string): number {
  const rows = history.ledger(walletId).filter((row) => {
    return row.bucket === bucket && row.currency === currency;
  });
  return rows.at(-1)?.balanceAfter ?? 0;
}

/** A request to act on another transaction. */
function actOn(earlier: Earlier, type: SentRequest["type"], body: Body = {}): SentRequest {
  return found(operationOf({ type }).read(body, earlier));
}

/** Adds an acknowledged write that comes last of all, with its entries. */
function commit(history: BadHistory, key: string, request: SentRequest): void {
  const { type, description } = request;
  const lines = linesOf(request);
  const createdAt = newestTime(history);
  const shown = operationOf(request).shownOf(request, "USD", Date.parse(createdAt));
  const legs = lines.map(({ account, bucket, direction, amount, currency }) => {
    return { account, ...(bucket === "reserved" && { bucket }), direction, amount, currency };
  });
  const id = transactionIdFor(tenant, key);
  const body = JSON.stringify({ id, type, status: "committed", ...shown, legs, createdAt });
  const completed = Math.max(...history.operations.map((one) => one.completed)) + 2;
  const write = { url: pathOf(request), key, request: bodyOf(request) };
  history.addOperation({
    ...write,
    method: "POST",
    invoked: completed - 1,
    completed,
    status: 201,
    body,
  });
  const ofText = description === undefined ? {} : { description };
  const wallets = lines.map(({ account }) => account).filter((one) => one.startsWith("wal_"));
  for (const { account, ...line } of lines.filter((one) => wallets.includes(one.account))) {
    const times = { createdAt, decidedAt: createdAt };
    history.insert(account, { transactionId: id, type, ...line, ...ofText, ...times });
  }
  history.restore(...new Set(wallets));
}

/** When the last entry of all was posted. */
function newestTime({ ledgers }: BadHistory): string {
  const times = ledgers.map(({ entries }) => entries.at(-1)?.createdAt ?? "");
  return times.toSorted().at(-1) ?? "";
}

/** Those whose payer has so much else reserved in the end that nothing becomes negative. */
function endedWithRest(history: BadHistory, ending: string): readonly (Acted & { end: Act })[] {
  return endedIn(history, ending).filter((one) => {
    const { from = "", currency = "", amount = Infinity } = one.earlier.reserved ?? {};
    const isKnown = expiresAtIn(history, one) !== undefined;
    return isKnown && leftIn(history, from, "reserved", currency) >= amount;
  });
}

/** The receiver can give back all of it in the end. */
function canGiveBack(history: BadHistory, { moved: [only, ...others] }: Earlier): boolean {
  if (!only?.to.startsWith("wal_") || !only.from.startsWith("wal_")) return false;
  const left = leftIn(history, only.to, "available", only.currency);
  return others.length === 0 && left >= only.amount;
}

/** Whether one key only acts on it, if any. */
function isAlone(history: BadHistory, { transaction, acts }: Acted): boolean {
  const keys = history.operations.flatMap(({ url, key }) => {
    return key !== undefined && url.includes(transaction.id) ? key : [];
  });
  const ids = acts.map((act) => act.transaction.id);
  return keys.every((key) => ids.includes(transactionIdFor(tenant, key)));
}

/** Whether the wallet never needs what this row has brought. */
function isSpare(history: BadHistory, row: Row): boolean {
  const later = history.ledger(row.walletId).filter((other) => {
    const isSame = other.bucket === row.bucket && other.currency === row.currency;
    return isSame && other.sequence > row.sequence;
  });
  return later.every(({ balanceAfter }) => balanceAfter >= row.amount);
}

function rowsOf(history: BadHistory, { transaction }: Act): Row[] {
  return history.rows(transaction.id).map(({ row }) => row);
}

/** All trace of a transaction in the ledgers. */
function removeRows(history: BadHistory, act: Act): void {
  const rows = history.rows(act.transaction.id);
  for (const { entries, row } of rows) history.remove(entries, row);
  history.forgetLookups(act.transaction.id);
  history.restore(...new Set(rows.map(({ row }) => row.walletId)));
}

/** The answers to a write that tell of a transaction. */
function toldOf(history: BadHistory, { variant }: Act): Op[] {
  const keys = new Set(variant.answers.map(({ operation }) => operation.key));
  return history.operations.filter(({ key, status }) => {
    return keys.has(key) && (status === 201 || status === 202);
  });
}

function expiresAtIn(history: BadHistory, { transaction }: Acted): string | undefined {
  const told = history.operations.find(({ body, status, method }) => {
    return method === "POST" && status === 201 && body?.includes(`"id":"${transaction.id}"`);
  });
  return (JSON.parse(told?.body ?? "{}") as { expiresAt?: string }).expiresAt;
}

export const endCorruptions: readonly Corruption[] = [
  {
    what: "a cancellation of what was captured, acknowledged",
    breaks: ["second_end", "reserved_mismatch"],
    damage(history) {
      const { earlier } = found(endedWithRest(history, "captured")[0]);
      commit(history, "second-end", actOn(earlier, "cancellation", { reason: "again" }));
    },
  },
  {
    what: "a capture of what was cancelled",
    breaks: ["second_end", "reserved_mismatch"],
    damage(history) {
      const { earlier } = found(
        endedWithRest(history, "cancelled").find((one) => {
          return (expiresAtIn(history, one) ?? "") > newestTime(history);
        }),
      );
      commit(history, "second-end", actOn(earlier, "capture"));
    },
  },
  {
    what: "a capture of what has expired",
    breaks: ["captured_late", "second_end", "reserved_mismatch"],
    damage(history) {
      const { earlier } = found(endedWithRest(history, "expired")[0]);
      commit(history, "second-end", actOn(earlier, "capture"));
    },
  },
  {
    what: "a capture of more than was authorized",
    breaks: ["over_captured", "unbalanced", "sum_not_zero"],
    damage(history) {
      const { earlier, end } = found(
        endedIn(history, "captured").find((one) => {
          const rest = rowsOf(history, one.end).find(({ walletId, bucket }) => {
            return bucket === "available" && walletId === one.earlier.reserved?.from;
          });
          const isFree = !rest || isSpare(history, rest);
          return isFree && history.isUntouched(one.end.transaction.id);
        }),
      );
      const { amount, from } = found(earlier.reserved);
      const rows = history.rows(end.transaction.id);
      for (const { row, entries } of rows) {
        if (row.walletId !== from) row.amount = amount + 1;
        else if (row.bucket === "available") history.remove(entries, row);
      }
      history.restore(...new Set(rows.map(({ row }) => row.walletId)));
      history.forgetLookups(end.transaction.id);
      const told = toldOf(history, end);
      for (const operation of told) {
        operation.request = { amount: amount + 1 };
        history.edit(operation, (body) => {
          body.amount = amount + 1;
          body.legs = body.legs.slice(0, 2);
          found(body.legs[1]).amount = amount + 1;
        });
      }
      const keys = new Set(told.map(({ key }) => key));
      history.lines = history.lines.filter((line) => {
        return line.kind !== "operation" || !keys.has(line.key) || told.includes(line);
      });
    },
  },
  {
    what: "reversals that give back more than there was",
    breaks: ["over_reversed"],
    damage(history) {
      const { earlier } = found(
        actedIn(history).find(({ earlier: one, acts }) => {
          return acts.some(isAnswered) && canGiveBack(history, one);
        }),
      );
      commit(history, "second-reversal", actOn(earlier, "reversal"));
    },
  },
  {
    what: "a split that is given back twice",
    breaks: ["over_reversed"],
    damage(history) {
      const { earlier } = found(
        actedIn(history).find(({ earlier: { moved }, transaction }) => {
          const isLeft = moved.every(({ to, from, amount, currency }) => {
            const isInside = to.startsWith("wal_") && from.startsWith("wal_");
            return isInside && leftIn(history, to, "available", currency) >= 4 * amount;
          });
          return moved.length > 1 && isLeft && transaction.entries.length > 0;
        }),
      );
      commit(history, "first-reversal", actOn(earlier, "reversal"));
      commit(history, "second-reversal", actOn(earlier, "reversal"));
    },
  },
  {
    what: "a reversal that stands before what it reverses",
    breaks: ["before_origin"],
    damage(history) {
      const reversals = actedIn(history).flatMap(({ transaction, earlier, acts }) => {
        const [only] = earlier.moved;
        return acts.flatMap((act) => (only && !endOf({ transaction, earlier, acts }) ? act : []));
      });
      const credit = found(
        reversals
          .flatMap((act) => rowsOf(history, act))
          .find((row) => {
            const isSingle = singleEntries(history.ledger(row.walletId)).includes(row);
            return row.direction === "credit" && isSingle;
          }),
      );
      const entries = history.ledger(credit.walletId);
      history.remove(entries, credit);
      entries.unshift(credit);
      history.restore(walletOf(entries));
      forgetTimes(history);
    },
  },
  {
    what: "a reversal of what was refused",
    breaks: ["before_origin"],
    damage(history) {
      const { earlier } = found(
        actedIn(history).find(({ transaction, earlier: one }) => {
          const answers = [...transaction.variants.values()].flatMap((variant) => variant.answers);
          const isRefused = answers.some(({ outcome }) => outcome === "refused");
          return isRefused && canGiveBack(history, one);
        }),
      );
      commit(history, "of-the-refused", actOn(earlier, "reversal"));
    },
  },
  {
    what: "an authorization that expires before its time",
    breaks: ["expired_early"],
    damage(history) {
      const ended = endedIn(history, "expired").find((one) => expiresAtIn(history, one));
      const { end } = found(ended);
      const expiresAt = Date.parse(found(expiresAtIn(history, found(ended))));
      const rows = rowsOf(history, end);
      for (const row of rows) row.decidedAt = new Date(expiresAt - 1).toISOString();
      history.restore(found(rows[0]).walletId);
    },
  },
  {
    what: "an authorization that never expires",
    breaks: ["overdue"],
    damage(history) {
      const { earlier, end } = found(
        endedIn(history, "expired").find((one) => {
          const given = rowsOf(history, one.end).find(({ bucket }) => bucket === "available");
          const expiresAt = Date.parse(expiresAtIn(history, one) ?? "");
          const isLongAgo = expiresAt + 11_000 < Date.parse(newestTime(history));
          return given && isLongAgo && isSpare(history, given) && isAlone(history, one);
        }),
      );
      removeRows(history, end);
      history.forgetLookups(earlier.transactionId);
    },
  },
  {
    what: "a capture that was asked for too late",
    breaks: ["captured_late"],
    damage(history) {
      const ended = found(endedIn(history, "captured").find((one) => expiresAtIn(history, one)));
      const createdAt = found(expiresAtIn(history, ended));
      for (const answer of toldOf(history, ended.end)) {
        history.edit(answer, (body) => (body.createdAt = createdAt));
      }
    },
  },
  {
    what: "an acknowledged capture without a trace",
    breaks: ["lost_acknowledgement"],
    damage(history) {
      const { earlier, end } = found(
        endedIn(history, "captured").findLast((one) => {
          const given = rowsOf(history, one.end).filter(({ direction }) => direction === "credit");
          const isOpen = (expiresAtIn(history, one) ?? "") > newestTime(history);
          const isFree = history.isUntouched(one.end.transaction.id) && isAlone(history, one);
          return isOpen && isFree && given.every((row) => isSpare(history, row));
        }),
      );
      removeRows(history, end);
      history.forgetLookups(earlier.transactionId);
    },
  },
  {
    what: "an acknowledged reversal without a trace",
    breaks: ["lost_acknowledgement"],
    damage(history) {
      const { earlier, acts } = found(
        actedIn(history).findLast((one) => {
          const [only, ...others] = one.acts;
          if (!only || others.length > 0 || endOf(one) || !isAnswered(only)) return false;
          const given = rowsOf(history, only).filter(({ direction }) => direction === "credit");
          return isAlone(history, one) && given.every((row) => isSpare(history, row));
        }),
      );
      removeRows(history, found(acts[0]));
      history.forgetLookups(earlier.transactionId);
    },
  },
  {
    what: "reserved money that is given back and stays reserved",
    breaks: ["half_transfer", "reserved_mismatch", "sum_not_zero", "wrong_amount"],
    damage(history) {
      const { end } = found(endedIn(history, "cancelled").at(-1));
      const rows = history.rows(end.transaction.id);
      const { row, entries } = found(rows.find((one) => one.row.bucket === "reserved"));
      history.remove(entries, row);
      history.restore(row.walletId);
      history.forgetLookups(end.transaction.id);
    },
  },
  {
    what: "a payout reference that pays out twice",
    breaks: ["duplicate_reference"],
    damage(history) {
      const paid = history.answers(201, "/transactions/withdraw").filter(({ key = "" }) => {
        return history.isUntouched(transactionIdFor(tenant, key)) && isReferenceOfOne(history, key);
      });
      const [first, second] = [
        found(paid[0]),
        found(paid.findLast((one) => one.key !== paid[0]?.key)),
      ];
      const { payoutReference } = first.request as { payoutReference: string };
      const id = transactionIdFor(tenant, found(second.key));
      for (const { row, entries } of history.rows(id)) {
        row.payoutReference = payoutReference;
        history.restore(walletOf(entries));
      }
      for (const operation of history.operations.filter(({ key }) => key === second.key)) {
        (operation.request as Row).payoutReference = payoutReference;
        if (operation.status !== 201 && operation.status !== 202) continue;
        history.edit(operation, (body) => (body.payoutReference = payoutReference));
      }
    },
  },
  {
    what: "an authorization that is shown with another end",
    breaks: ["wrong_details"],
    damage(history) {
      const shown = found(history.operations.find(({ body }) => body?.includes('"endedBy"')));
      const other = transactionIdFor(tenant, "no-end-at-all");
      const body = (shown.body ?? "").replace(/"endedBy":"\w+"/, `"endedBy":"${other}"`);
      const { invoked } = found(history.operations[0]);
      history.addOperation({ ...shown, invoked, body });
    },
  },
  {
    what: "an authorization that is shown to expire at another time",
    breaks: ["wrong_details"],
    damage(history) {
      const told = history.operations.filter(({ method, body }) => {
        return method === "POST" && body?.includes('"expiresAt"');
      });
      const { body = "" } = found(told.find(({ status }) => status === 201));
      const { id, expiresAt } = JSON.parse(body) as { id: string; expiresAt: string };
      const later = new Date(Date.parse(expiresAt) + 1).toISOString();
      const read = { status: "committed", authorization: { status: "open", expiresAt: later } };
      const [{ invoked }] = [found(history.operations[0])];
      const url = `/transactions/${id}`;
      history.forgetLookups(id);
      history.addOperation({
        method: "GET",
        url,
        status: 200,
        body: JSON.stringify({ id, ...read }),
        invoked,
        completed: invoked + 1e6,
      });
    },
  },
  {
    what: "a reversal that is shown with another amount",
    breaks: ["wrong_details"],
    damage(history) {
      const { transaction, acts } = found(
        actedIn(history).find(
          (one) => !endOf(one) && one.earlier.moved.length === 1 && one.acts[0],
        ),
      );
      const { id } = found(acts[0]).transaction;
      const reversals = acts.map((act) => {
        return { id: act.transaction.id, amount: act.transaction.id === id ? 1e9 : 1 };
      });
      const body = JSON.stringify({ id: transaction.id, status: "committed", reversals });
      const completed = Math.max(...history.operations.map((one) => one.completed)) + 2;
      const url = `/transactions/${transaction.id}`;
      const times = { invoked: completed - 1, completed };
      history.addOperation({ method: "GET", url, status: 200, body, ...times });
    },
  },
  {
    what: "an authorization that is open after its end was acknowledged",
    breaks: ["stale_read"],
    damage(history) {
      const ended = found(endedIn(history).find((one) => expiresAtIn(history, one)));
      const { id } = ended.transaction;
      const authorization = { status: "open", expiresAt: expiresAtIn(history, ended) };
      const body = JSON.stringify({ id, status: "committed", authorization });
      const completed = Math.max(...history.operations.map((one) => one.completed)) + 2;
      const times = { invoked: completed - 1, completed };
      const url = `/transactions/${id}`;
      history.addOperation({ method: "GET", url, status: 200, body, ...times });
    },
  },
  {
    what: "a capture of a mere transfer",
    breaks: ["impossible_effect"],
    damage(history) {
      const made = found(history.answers(201, "/transactions/transfer").find(isTransfer));
      const { id } = JSON.parse(made.body ?? "") as { id: string };
      const url = `/transactions/${id}/capture`;
      history.addOperation({ ...made, url, key: "of-a-transfer", request: {} });
    },
  },
  {
    what: "an end that is refused for another end than there was",
    breaks: ["false_refusal"],
    damage(history) {
      const { transaction, end } = found(endedIn(history, "captured")[0]);
      refuse(history, `/transactions/${transaction.id}/cancel`, {
        code: "authorization_expired",
        transactionId: end.transaction.id,
      });
    },
  },
  {
    what: "an end of what is said to have been rejected, and was not",
    breaks: ["false_refusal"],
    damage(history) {
      const { transaction } = found(endedIn(history, "captured")[0]);
      refuse(history, `/transactions/${transaction.id}/cancel`, {
        code: "authorization_rejected",
        transactionId: transaction.id,
      });
    },
  },
  {
    what: "a reversal that is refused though enough is left",
    breaks: ["false_refusal"],
    damage(history) {
      const { transaction } = found(
        actedIn(history).find(({ earlier, acts, transaction: { entries } }) => {
          return earlier.moved.length === 1 && acts.length === 0 && entries.length > 0;
        }),
      );
      const url = `/transactions/${transaction.id}/reverse`;
      refuse(history, url, { code: "reversal_exceeds_original" }, { amount: 1 });
    },
  },
  {
    what: "an origin that is not found after it was acknowledged",
    breaks: ["false_refusal"],
    damage(history) {
      const { transaction } = found(endedIn(history, "captured")[0]);
      const unknown = { code: "transaction_not_found", requestId: "of the edge" };
      refuse(history, `/transactions/${transaction.id}/cancel`, unknown);
    },
  },
];

/** Whether only one write names the reference of a key. */
function isReferenceOfOne(history: BadHistory, key: string): boolean {
  const named = history.operations.map((one) => ({ key: one.key, ...(one.request as object) }));
  const own = found(named.find((one) => one.key === key)) as Partial<Row>;
  const same = (named as Partial<Row & Op>[]).filter((one) => {
    return one.payoutReference === own.payoutReference;
  });
  return new Set(same.map((one) => one.key)).size === 1;
}

function isTransfer({ body }: Op): boolean {
  return body?.includes('"type":"transfer"') === true;
}

/** A write under a new key that is refused after everything else. */
function refuse(history: BadHistory, url: string, content: object, request: object = {}): void {
  const completed = Math.max(...history.operations.map((one) => one.completed)) + 2;
  history.addOperation({
    method: "POST",
    url,
    key: "refused",
    request,
    invoked: completed - 1,
    completed,
    status: 422,
    body: JSON.stringify(content),
  });
}
