// Accounts: how a hold is decided and a leg closed, what busy accounts share, what a read answers.
import type { Area } from "../planted-fault.ts";

const account = "src/durable-objects/account/core.ts";
const leg = "src/domain/protocol/leg.ts";
const admit = "src/domain/admission/admit.ts";
const rounds = "src/durable-objects/account/ask-rounds.ts";
const commits = "src/durable-objects/group-commit.ts";
const wallet = "src/durable-objects/wallet/core.ts";
const asking = "src/durable-objects/account/ask-logs.ts";

const asks = ["test/durable-objects/account/accounts-that-ask.test.ts"];
const shared = ["test/durable-objects/account/shared-asks.test.ts"];
const groups = ["test/durable-objects/account/group-commit.test.ts"];
const reads = ["test/durable-objects/wallet/clean-reads.test.ts"];
const phases = ["test/durable-objects/account/two-phases.test.ts"];

export const accountFaults: Area = {
  area: "account",
  faults: [
    {
      name: "hold-is-refused-without-asking",
      breaks: "Before a refusal the logs are asked about what is in the way.",
      file: leg,
      find: "if (look.mayAsk && admission.vote",
      replace: "if (!look.mayAsk && admission.vote",
      caughtBy: asks,
    },
    {
      name: "failed-ask-is-a-refusal",
      breaks: "A failed ask gives no vote.",
      file: account,
      find: "      if (vote) return vote;\n",
      replace: "",
      caughtBy: asks,
    },
    {
      name: "learned-commit-is-not-posted",
      breaks: "A held leg whose log says commit is posted.",
      file: account,
      find: "      this.#postNow({ ...asked, posting, decidedAt });\n",
      replace: "      void [posting, decidedAt];\n",
      caughtBy: asks,
    },
    {
      name: "learned-rejection-is-not-released",
      breaks: "A held leg whose log says reject is void.",
      file: account,
      find: "for (const posting of learned.rejected) this.#releaseNow({ ...asked, posting });",
      replace: "",
      caughtBy: asks,
    },
    {
      name: "refusal-leaves-no-void",
      breaks: "A NO writes a void, so that a late duplicate cannot hold money.",
      file: account,
      find: "        this.store.insertVoid(posting, refusal);\n",
      replace: "",
      caughtBy: phases,
    },
    {
      name: "unopened-account-leaves-a-trace",
      breaks: "An account that was never opened acknowledges a release without writing.",
      file: account,
      find: "if (!this.#kind.isCreatedOnUse) return false;",
      replace: "",
      caughtBy: ["test/durable-objects/account/unknown-accounts.test.ts"],
    },
    {
      name: "other-protocol-is-held",
      breaks: "A call of an unknown protocol version is BUSY and writes nothing.",
      file: account,
      find: '    if (!isUnderstood(call)) return { vote: "busy", reason: "protocol_version" };\n',
      replace: "",
      caughtBy: phases,
    },
    {
      name: "memory-survives-a-rollback",
      breaks: "Whatever fails makes the instance forget what it remembered.",
      file: account,
      find: "      this.#cache.clear();\n",
      replace: "",
      caughtBy: ["test/durable-objects/rollback.test.ts"],
    },
    {
      name: "released-leg-is-remembered-as-held",
      breaks: "A released leg cannot be posted.",
      file: account,
      find: "        this.#cache.noteClosed(transactionId);\n",
      replace: "",
      caughtBy: phases,
    },
    {
      name: "posted-leg-is-remembered-as-held",
      breaks: "A leg is posted once.",
      file: account,
      find: "    this.#cache.noteClosed(last.transactionId);\n",
      replace: "",
      caughtBy: phases,
    },
    {
      name: "hold-asks-for-itself-alone",
      breaks: "Contested holds share the round of asks under way.",
      file: rounds,
      find: "[...this.#underWay].find(isShared) ?? this.#begin(legs, ask)",
      replace: "[...this.#underWay].find(() => false && isShared) ?? this.#begin(legs, ask)",
      caughtBy: shared,
    },
    {
      name: "refused-by-an-older-answer",
      breaks: "A refusal rests on a round that is younger than its hold.",
      file: account,
      find: "mayAsk = round.number <= arrival;",
      replace: "mayAsk = false;",
      caughtBy: shared,
    },
    {
      name: "old-round-is-shared-twice",
      breaks: "The second round of a hold is younger than it.",
      file: account,
      find: "for (let [after, mayAsk] = [0, true]; ; after = arrival) {",
      replace: "for (let [after, mayAsk] = [arrival, true]; ; after = arrival) {",
      caughtBy: shared,
    },
    {
      name: "hold-asks-without-an-end",
      breaks: "After a round of its own a hold votes on the state as it is.",
      file: account,
      find: "mayAsk = round.number <= arrival;",
      replace: "mayAsk = true;",
      caughtBy: shared,
      hangs: true,
    },
    {
      name: "round-is-shared-after-its-end",
      breaks: "A round that has ended answers no later hold.",
      file: rounds,
      find: ".finally(() => this.#underWay.delete(round))",
      replace: ".finally(() => this.#latest)",
      caughtBy: shared,
    },
    {
      name: "rounds-of-all-references-are-one",
      breaks: "A round about another payment reference is not waited for.",
      file: rounds,
      find: "legs.some(({ transactionId }) => transactionIds.has(transactionId))",
      replace: "legs.length + transactionIds.size > 0",
      caughtBy: shared,
    },
    {
      name: "claim-asks-about-every-leg",
      breaks: "Only the claimant's leg can change a claim.",
      file: admit,
      find: 'const claimants = admission.vote === "busy" ? admission.claimants : undefined;',
      replace: 'const claimants = admission.vote === "yes" ? [""] : undefined;',
      caughtBy: ["test/domain/admission.test.ts"],
    },
    {
      name: "unknown-transaction-is-let-go",
      breaks: "What the log does not know is a fault, never read as a rejection.",
      file: asking,
      find: 'else if (answer.decision === "reject") rejected.push(answer.posting);',
      replace:
        'else if (answer.decision === "reject") rejected.push(answer.posting);\n        else if (answer.decision === "fault") failed = false;',
      caughtBy: asks,
    },
    {
      name: "unreachable-log-is-no-failure",
      breaks: "A log that cannot be asked leaves its legs undecided and the ask failed.",
      file: asking,
      find: "if (!answers) failed = true;",
      replace: "",
      caughtBy: asks,
    },
    {
      name: "logs-are-asked-leg-by-leg",
      breaks: "An account asks each log shard in one call.",
      file: asking,
      find: "Map.groupBy(legs, (leg) => logShardOf(leg.transactionId))",
      replace: "new Map(legs.map((leg) => [logShardOf(leg.transactionId), [leg]]))",
      caughtBy: asks,
    },
    {
      name: "every-message-is-a-commit",
      breaks: "Messages that come together share one commit.",
      file: commits,
      find: "return isBusy ? (this.#turn ??= this.#begin()) : this.#turn;",
      replace: "return isBusy ? this.#begin() : this.#turn;",
      caughtBy: groups,
    },
    {
      name: "no-message-waits-for-a-turn",
      breaks: "Messages to a busy account wait for what was written before.",
      file: commits,
      find: "return isBusy ? (this.#turn ??= this.#begin()) : this.#turn;",
      replace: "return undefined;",
      caughtBy: groups,
    },
    {
      name: "late-message-overtakes-a-turn",
      breaks: "A message that comes during a commit waits with the others.",
      file: commits,
      find: "return isBusy ? (this.#turn ??= this.#begin()) : this.#turn;",
      replace: "return isBusy ? (this.#turn ??= this.#begin()) : undefined;",
      caughtBy: groups,
    },
    {
      name: "idle-account-waits",
      breaks: "A message that comes alone does not wait.",
      file: commits,
      find: "now - this.#lastAt <= closeMs",
      replace: "now - this.#lastAt <= 1_000 * closeMs",
      caughtBy: groups,
      hangs: true,
    },
    {
      name: "transaction-waits-for-itself",
      breaks: "Messages of one transaction do not make an account busy.",
      file: commits,
      find: "transactionId !== this.#lastTransaction && ",
      replace: "",
      caughtBy: groups,
      hangs: true,
    },
    {
      name: "failed-sync-poisons-the-account",
      breaks: "A sync that fails at once fails one turn only.",
      file: commits,
      find: `    return this.#sync().finally(() => (this.#turn = undefined));
  }

  async #sync(): Promise<void> {
    await this.#storage.sync();
  }`,
      replace: `    return this.#sync();
  }

  async #sync(): Promise<void> {
    try {
      await this.#storage.sync();
    } finally {
      this.#turn = undefined;
    }
  }`,
      caughtBy: groups,
    },
    {
      name: "turn-never-ends",
      breaks: "A turn ends when what was written before it is durable.",
      file: commits,
      find: ".finally(() => (this.#turn = undefined))",
      replace: "",
      caughtBy: groups,
    },
    {
      name: "failed-sync-is-ignored",
      breaks: "A message whose commit failed writes nothing.",
      file: commits,
      find: "    await this.#storage.sync();",
      replace: "    await this.#storage.sync().catch(() => {});",
      caughtBy: groups,
    },
    {
      name: "read-answers-the-latest-state",
      breaks: "A clean read answers what it captured before it asked.",
      file: wallet,
      find: "return { view: captured.view, held: withoutRejected(captured.held, rejected) };",
      replace: "return { view: view(), held: withoutRejected(captured.held, rejected) };",
      caughtBy: reads,
    },
    {
      name: "read-shows-rejected-holds",
      breaks: "A clean read leaves out the holds that it learned to be rejected.",
      file: wallet,
      find: "held: withoutRejected(captured.held, rejected) };",
      replace: "held: captured.held.slice(0, captured.held.length + 0 * rejected.length) };",
      caughtBy: reads,
    },
    {
      name: "read-misses-what-it-learned",
      breaks: "A read that learned of a commit captures again.",
      file: wallet,
      find: "if (committed.length === 0 && !failed) {",
      replace: "if (committed.length >= 0 && !failed) {",
      caughtBy: reads,
    },
    {
      name: "read-in-doubt-is-called-clean",
      breaks: "A read that could not ask says how many legs are in flight.",
      file: wallet,
      find: "if (committed.length === 0 && !failed) {",
      replace: "if (committed.length === 0 && (!failed || pass > 0)) {",
      caughtBy: reads,
    },
    {
      name: "read-gives-up-too-soon",
      breaks: "A read captures up to four times.",
      file: wallet,
      find: "pass <= readPassesMax",
      replace: "pass < readPassesMax",
      caughtBy: reads,
    },
  ],
};
