// The ways to give a wrong answer over sound ledgers: to writes, and to reads.
import { idIn, type BadHistory, type Row } from "./bad-history.ts";
import { found, fund, transfer, type Corruption } from "./corruptions.ts";
import { lastSplit } from "./leg-corruptions.ts";
import type { BalanceBody } from "./reads.ts";

/** Long after everything else, so that whatever was acknowledged is in the past. */
function laterThan(history: BadHistory, byMs: number): { invoked: number; completed: number } {
  const last = Math.max(...history.operations.map(({ completed }) => completed));
  return { invoked: last + byMs, completed: last + byMs + 1 };
}

/** What a balance read answers that sees the first `sequence` entries. */
function balanceAt(history: BadHistory, walletId: string, sequence: number) {
  const seen = history.ledger(walletId).slice(0, sequence);
  const newest = new Map(seen.map((row) => [`${row.bucket} ${row.currency}`, row.balanceAfter]));
  const figures = (currency: string) => {
    const [available = 0, reserved = 0] = ["available", "reserved"].map((bucket) =>
      newest.get(`${bucket} ${currency}`),
    );
    const balance = available + reserved;
    return { currency, balance, available, reserved, held: reserved, incoming: 0 };
  };
  const body: BalanceBody = {
    walletId,
    ...figures("USD"),
    balances: [...new Set(seen.map(({ currency }) => currency))].toSorted().map(figures),
    asOf: { sequence, hash: found(seen.at(-1)).hash },
  };
  const url = `/wallets/${walletId}/balance`;
  return { method: "GET", url, status: 200, body: JSON.stringify(body) } as const;
}

export const answerCorruptions: readonly Corruption[] = [
  {
    what: "a replay that differs by one byte",
    breaks: ["changed_replay"],
    damage(history) {
      const [answer] = history.answers(201, fund);
      const replay = { ...found(answer), ...laterThan(history, 1) };
      history.addOperation({ ...replay, body: `${replay.body} ` });
    },
  },
  {
    what: "a refusal in other words",
    breaks: ["changed_replay"],
    damage(history) {
      const refused = found(history.answers(422, transfer)[0]);
      const body = (refused.body ?? "").replace("Nothing was moved", "Nothing moved");
      history.addOperation({ ...refused, ...laterThan(history, 1), body });
    },
  },
  {
    what: "a commit after a refusal",
    breaks: ["changed_decision", "changed_replay", "lost_acknowledgement", "wrong_answer"],
    damage(history) {
      const refused = found(history.answers(422, transfer)[0]);
      const body = found(history.answers(201, transfer)[0]).body ?? "";
      history.addOperation({ ...refused, ...laterThan(history, 1), status: 201, body });
    },
  },
  {
    what: "one key, two requests, two decisions",
    breaks: ["doubled_effect"],
    damage(history) {
      const made = found(history.answers(201, transfer)[0]);
      const request = { ...(made.request as Row), amount: 77 };
      const body = (made.body ?? "").replaceAll(/"amount":\d+/g, '"amount":77');
      history.addOperation({ ...made, ...laterThan(history, 1), request, body });
    },
  },
  {
    what: "an acknowledgement of another amount",
    breaks: ["wrong_answer"],
    damage(history) {
      const [answer] = history.answers(201, transfer);
      const id = idIn(found(answer));
      for (const one of history.answers(201, transfer).filter((other) => idIn(other) === id)) {
        history.edit(one, (body) => (body.amount += 1));
      }
    },
  },
  {
    what: "a duplicate of a reference that was never used",
    breaks: ["false_refusal"],
    damage(history) {
      const { key } = found(history.answers(409, fund)[0]);
      const other = idIn(found(history.answers(201, transfer)[0]));
      for (const one of history.answers(409, fund).filter((refused) => refused.key === key)) {
        history.edit(one, (body) => {
          history.forgetLookups(body.instance.slice("/transactions/".length));
          body.transactionId = other;
        });
      }
    },
  },
  {
    what: "a wallet that is denied after its opening",
    breaks: ["false_refusal"],
    damage(history) {
      const request = found(history.answers(201, transfer)[0]).request;
      const body = JSON.stringify({ code: "wallet_not_found" });
      const asked = { method: "POST", url: transfer, key: "denied", request } as const;
      history.addOperation({ ...asked, ...laterThan(history, 1), status: 404, body });
    },
  },
  {
    what: "a balance that is not the sum",
    breaks: ["wrong_balance"],
    damage(history) {
      history.edit(found(history.balances().at(-1)), (body) => {
        Object.assign(body, { balance: body.balance + 1, available: body.available + 1 });
      });
    },
  },
  {
    what: "a read that shows half of a leg",
    breaks: ["serialization_cycle"],
    damage(history) {
      const { first } = lastSplit(history);
      const invoked = Math.min(...history.operations.map((one) => one.invoked));
      const { completed } = laterThan(history, 1);
      const read = balanceAt(history, first.walletId, first.sequence);
      history.addOperation({ ...read, invoked, completed });
    },
  },
  {
    what: "a balance with less than nothing available",
    breaks: ["negative_available"],
    damage(history) {
      history.edit(found(history.balances().at(-1)), (body) => {
        Object.assign(body, { held: body.balance + 1, available: -1 });
      });
    },
  },
  {
    what: "a past that was rewritten after it was read",
    breaks: ["changed_past"],
    damage(history) {
      history.edit(found(history.balances().at(-1)), (body) => {
        Object.assign(body.asOf, { hash: "0".repeat(64) });
      });
    },
  },
  {
    what: "an entry that was read and is gone",
    breaks: ["vanished_entry"],
    damage(history) {
      const { walletId, entries } = found(history.ledgers[0]);
      const read = balanceAt(history, walletId, entries.length);
      const body = read.body.replace(/"sequence":\d+/, `"sequence":${entries.length + 1}`);
      history.addOperation({ ...read, ...laterThan(history, 1), body });
    },
  },
  {
    what: "a page that leaves an entry out",
    breaks: ["page_gap"],
    damage(history) {
      const pages = history.operations.filter(({ url }) => url.startsWith("/transactions?"));
      const long = found(pages.find(({ body }) => (body?.split("sequence").length ?? 0) > 4));
      history.edit(long, (body) => body.data.splice(1, 1));
    },
  },
  {
    what: "a next page that does not start where the last one ended",
    breaks: ["page_gap"],
    damage(history) {
      const pages = history.operations.filter(({ url, body }) => {
        return url.includes("cursor=") && (body?.split('"sequence"').length ?? 0) > 2;
      });
      history.edit(found(pages[0]), (body) => body.data.shift());
    },
  },
  {
    what: "a stale read: it misses what was acknowledged before it began",
    breaks: ["stale_read"],
    damage(history) {
      const { walletId, entries } = found(history.ledgers[0]);
      const read = balanceAt(history, walletId, entries.length - 10);
      history.addOperation({ ...read, ...laterThan(history, 1) });
    },
  },
  {
    what: "a stale read with inFlight: what was acknowledged must be in it all the same",
    breaks: ["stale_read"],
    damage(history) {
      const { walletId, entries } = found(history.ledgers[0]);
      const read = balanceAt(history, walletId, entries.length - 10);
      const body = read.body.replace(/}$/, ',"inFlight":1}');
      history.addOperation({ ...read, ...laterThan(history, 1), body });
    },
  },
  {
    what: "a transaction that is pending after its acknowledgement",
    breaks: ["stale_read"],
    damage(history) {
      const id = idIn(found(history.answers(201, transfer)[0]));
      const body = JSON.stringify({ id, status: "pending" });
      const url = `/transactions/${id}`;
      history.addOperation({ method: "GET", url, status: 200, body, ...laterThan(history, 1) });
    },
  },
  {
    what: "a read of the future",
    breaks: ["future_read"],
    damage(history) {
      const { walletId, entries } = found(history.ledgers[0]);
      const [first] = history.operations.toSorted((left, right) => left.invoked - right.invoked);
      const invoked = found(first).invoked + 2.5;
      const read = balanceAt(history, walletId, Math.ceil(entries.length / 2));
      history.lines = history.lines.filter((line) => {
        return line.kind !== "operation" || line.method !== "GET";
      });
      history.addOperation({ ...read, invoked, completed: invoked + 0.1 });
    },
  },
  {
    what: "half a transfer, seen: in one wallet, and afterwards not in the other",
    breaks: ["serialization_cycle"],
    damage(history) {
      // No write was told of the transfer; only the two reads contradict each other.
      const made = history.operations.findLast(({ url, status }) => {
        return url === transfer && status === 201;
      });
      const id = idIn(found(made));
      const { key } = found(made);
      for (const one of history.operations.filter((other) => other.key === key)) one.status = null;
      history.forgetLookups(id);
      const [debit, credit] = history.rows(id);
      const [seen, missed] = [found(debit), found(credit)];
      const times = laterThan(history, 1);
      for (const one of [seen, missed]) {
        for (const later of one.entries.slice(one.row.sequence)) unacknowledge(history, later);
      }
      history.lines = history.lines.filter((line) => {
        return line.kind !== "operation" || line.method !== "GET";
      });
      const first = balanceAt(history, seen.row.walletId, seen.row.sequence);
      const second = balanceAt(history, missed.row.walletId, missed.row.sequence - 1);
      history.addOperation({ ...first, ...times });
      const after = { invoked: times.completed + 1, completed: times.completed + 2 };
      history.addOperation({ ...second, ...after });
    },
  },
];

/** No client was told what became of the entry's transaction. */
function unacknowledge(history: BadHistory, row: Row): void {
  for (const operation of history.operations) {
    if (operation.status === 201 && operation.body?.includes(row.transactionId)) {
      operation.status = null;
    }
  }
}
