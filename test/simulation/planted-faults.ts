// For every invariant, a fault that breaks it: planted into a simulation at rest, in which nothing is
// wrong. A check that finds nothing there could never fail.
import { openLegsMax } from "../../src/domain/limits.ts";
import { plantedEnds } from "./planted-ends.ts";
import { plantedKeyFaults } from "./planted-key-faults.ts";
import { plantedReads } from "./planted-reads.ts";
import { plantedRefusals } from "./planted-refusals.ts";
import {
  changeEntry,
  claimTwice,
  found,
  hold,
  isCommitted,
  isDuplicate,
  loseBatch,
  loseEntry,
  receiveLate,
  recorded,
  reopen,
  rewrite,
  richWallet,
  type PlantedFault,
} from "./planting.ts";

export const plantedFaults: readonly PlantedFault[] = [
  {
    invariant: "available-never-negative",
    fault: "the first entry of a wallet is a debit",
    plant: (simulation) => changeEntry(simulation, "direction = 'debit'"),
  },
  {
    invariant: "headroom-kept",
    fault: "a wallet with money holds a credit of 2^53 - 1",
    plant: (simulation) => hold(simulation, "credit", Number.MAX_SAFE_INTEGER),
  },
  {
    invariant: "chain-unbroken",
    fault: "the description of an entry is changed",
    plant: (simulation) => changeEntry(simulation, "description = 'changed'"),
  },
  {
    invariant: "frozen-admits-no-debit",
    fault: "a frozen wallet holds a new debit",
    plant: (simulation) => {
      const { object } = richWallet(simulation);
      object.operate(
        `INSERT INTO freezes
           (id, scope, created_at, freeze_id, fingerprint, reason, principal, renderer)
         VALUES (99, 'debits', 0, 'frz_PLANTED', 'fp1:', 'planted', 'planted', 1)`,
      );
      simulation.books.refresh(simulation.scheduler.step);
      object.operate(
        `INSERT INTO legs
           (open, transaction_id, fingerprint, bucket, direction, currency, amount)
         VALUES (1, 'txn_PLANTED', 'fp1:', 'available', 'debit', 'USD', 1)`,
      );
    },
  },
  {
    invariant: "open-legs-are-few",
    fault: "a wallet holds one leg more than it may",
    plant: (simulation) => {
      for (let count = 0; count <= openLegsMax; count++) hold(simulation, "credit", 1, `${count}`);
    },
  },
  {
    invariant: "checkpoints-are-sums",
    fault: "a checkpoint has another sum",
    plant: (simulation) =>
      richWallet(simulation).object.disk.tamper(
        `DROP TRIGGER checkpoints_appended;
         INSERT INTO checkpoints (sequence, sums, decided_at, lag) VALUES (1, '{}', 0, 0)`,
      ),
  },
  {
    invariant: "holds-resolved-once",
    fault: "a leg stays held",
    plant: (simulation) => hold(simulation, "credit", 1),
  },
  {
    invariant: "legs-are-whole",
    fault: "an entry is of another amount than its log recorded",
    plant: (simulation) => changeEntry(simulation, "amount = amount + 1"),
  },
  {
    invariant: "claims-within-capacity",
    fault: "a payment is claimed twice",
    plant: claimTwice,
  },
  {
    invariant: "only-commits-are-posted",
    fault: "a posted transaction is rejected in its log",
    plant: (simulation) =>
      rewrite(simulation, recorded(simulation, isCommitted), "state = 'rejected', refusal = '{}'"),
  },
  {
    invariant: "commits-have-all-legs",
    fault: "a rejected transaction is committed in its log",
    plant: (simulation) => {
      const rejected = recorded(simulation, (one) => one.state === "rejected");
      rewrite(simulation, rejected, "state = 'committed', refusal = NULL");
    },
  },
  { invariant: "money-is-conserved", fault: "a wallet loses its last entry", plant: loseEntry },
  {
    invariant: "unfinished-work-has-an-alarm",
    fault: "an open transaction without an alarm",
    plant: reopen,
  },
  { invariant: "sums-are-zero", fault: "a wallet loses its last entry", plant: loseEntry },
  { invariant: "everything-settles", fault: "a transaction stays open", plant: reopen },
  {
    invariant: "one-credit-per-reference",
    fault: "a refused duplicate is committed",
    plant: (simulation) =>
      rewrite(simulation, recorded(simulation, isDuplicate), "state = 'committed', refusal = NULL"),
  },
  {
    invariant: "batches-are-whole",
    fault: "a batch has lost its row, and its items are there",
    plant: loseBatch,
  },
  ...plantedEnds,
  {
    invariant: "decided-at-one-time",
    fault: "an entry bears another time than its log",
    plant: (simulation) => changeEntry(simulation, "decided_at = decided_at - 1"),
  },
  {
    invariant: "spent-after-received",
    fault: "all that a wallet received is dated after all that it spent",
    plant: receiveLate,
  },
  {
    invariant: "past-sums-are-zero",
    fault: "one side of a transaction is dated earlier than the other",
    plant: (simulation) => changeEntry(simulation, "decided_at = decided_at - 1"),
  },
  {
    invariant: "right-clocks-are-followed",
    fault: "a clock is called wrong while none has jumped",
    plant: ({ misdated }) => misdated.add("txn_PLANTED"),
  },
  {
    invariant: "votes-never-change",
    fault: "an account that voted YES votes NO",
    plant: ({ network }) => {
      const cast = found(network.votes.find(({ vote }) => vote.vote === "yes"));
      const vote = { vote: "no", refusal: { code: "insufficient_funds" } } as const;
      network.votes.push({ ...cast, vote });
    },
  },
  {
    invariant: "commits-are-voted",
    fault: "no account voted",
    plant: ({ network }) => network.votes.splice(0),
  },
  {
    invariant: "refusals-are-voted",
    fault: "the recorded refusal is another one",
    plant: (simulation) => {
      const rejected = recorded(simulation, (one) => one.state === "rejected");
      rewrite(simulation, rejected, `refusal = '{"code":"wallet_frozen","account":"wal_X"}'`);
    },
  },
  {
    invariant: "no-late-commit",
    fault: "the deadline was long before the decision",
    plant: (simulation) => rewrite(simulation, recorded(simulation, isCommitted), "deadline = 0"),
  },
  {
    invariant: "duplicates-name-a-commit",
    fault: "a refusal names a transaction that does not exist",
    plant: (simulation) =>
      rewrite(
        simulation,
        recorded(simulation, isDuplicate),
        `refusal = '{"code":"duplicate_payment_reference","transactionId":"txn_NONE"}'`,
      ),
  },
  ...plantedRefusals,
  {
    invariant: "acknowledged-is-posted",
    fault: "an acknowledged entry is gone",
    plant: loseEntry,
  },
  {
    invariant: "one-answer-per-key",
    fault: "a replay is answered with another time",
    plant: ({ history }) => {
      const answer = found(history.answers.find(({ result }) => result.outcome === "settled"));
      if (answer.result.outcome !== "settled") return;
      const { transaction } = answer.result;
      const changed = { ...transaction, createdAt: 0, id: transaction.id.replace(/.$/, "") };
      history.answers.push({ ...answer, result: { ...answer.result, transaction: changed } });
    },
  },
  ...plantedReads,
  {
    invariant: "audits-find-nothing",
    fault: "an audit reports a gap",
    plant: (simulation) => {
      const subject = richWallet(simulation).address.id;
      const difference = { kind: "sequence_gap", sequence: 1 } as const;
      simulation.history.audits.push({ subject, report: { difference } });
    },
  },
  ...plantedKeyFaults,
  {
    invariant: "keys-name-transactions",
    fault: "an answer is about the transaction of another key",
    plant: ({ history }) => {
      const [first, ...others] = history.answers;
      const another = found(others.find((one) => one.submission.id !== found(first).submission.id));
      Object.assign(another.submission, { id: found(first).submission.id });
    },
  },
  {
    invariant: "shards-are-derived",
    fault: "a transaction has the id of another shard",
    plant: (simulation) => {
      const transaction = recorded(simulation, isCommitted);
      rewrite(simulation, transaction, `id = 'txn_${"0".repeat(26)}'`);
    },
  },
  {
    invariant: "nothing-unexpected",
    fault: "an alert is raised",
    plant: ({ incidents }) => incidents.push("integrity_fault"),
  },
  {
    invariant: "unknown-protocol-is-busy",
    fault: "a hold of another version is answered NO",
    plant: ({ network }) => {
      const answer = { vote: "no", refusal: { code: "insufficient_funds" } };
      network.unknownProtocolCalls.push({ method: "hold", answer });
    },
  },
  {
    invariant: "releases-understand-each-other",
    fault: "a wallet does not know a hold of its own release",
    plant: ({ network }) => network.misunderstood.push({ method: "hold", by: "a wallet" }),
  },
  {
    invariant: "nothing-else-changes-an-answer",
    fault: "a balance differs after the checkpoints are deleted",
    plant: ({ comparisons }) => comparisons.push({ what: "planted", before: "1", after: "2" }),
  },
];
