// The rules of the protocol, as the explorer applies them. The machines are the production code; of
// the shells around them each rule is one switch, and its default is what the shell does. A mutant
// overrides one of them and nothing else.
import { admissionRules } from "../../src/domain/admission/admit.ts";
import type { AdmissionRule } from "../../src/domain/admission/rule.ts";
import { closeLeg, decideHold, voteAfterAsks } from "../../src/domain/protocol/leg.ts";
import { nextEntries } from "../../src/domain/ledger/entry.ts";
import { flawOf } from "../../src/domain/ledger/line.ts";
import { undecidedOf } from "../../src/domain/ledger/position.ts";
import { holdOrder } from "../../src/domain/protocol/hold-order.ts";
import { deadlineOf, divideByAccount } from "../../src/domain/protocol/transaction.ts";
import type { LegModel } from "./world.ts";
import {
  decisionOf,
  nextStep,
  type Decision,
  type SagaState,
  type SagaStep,
} from "../../src/domain/protocol/saga.ts";

export interface Rules {
  // src/domain
  readonly nextStep: (...heard: Parameters<typeof nextStep>) => SagaStep;
  readonly decisionOf: (state: SagaState, overdue: boolean) => Decision;
  readonly admissionRules: readonly AdmissionRule[];
  readonly decideHold: typeof decideHold<LegModel>;
  readonly voteAfterAsks: typeof voteAfterAsks;
  readonly closeLeg: typeof closeLeg;
  readonly undecidedOf: typeof undecidedOf;
  readonly flawOf: typeof flawOf;
  readonly divideByAccount: typeof divideByAccount;
  readonly deadlineOf: typeof deadlineOf;
  readonly holdOrder: typeof holdOrder;
  readonly nextEntries: typeof nextEntries;

  // Expirations
  /** Whether the time of a transaction is over, by the clock of its log. */
  readonly isOver: (expiresAt: number, now: number) => boolean;
  /** The decision says when the transaction ends, and arms the alarm for it, in one sql
   *  transaction. */
  readonly expirationWithDecision: boolean;
  readonly alarmWithExpiration: boolean;
  /** The expiration goes in the sql transaction that records the expiry. */
  readonly expirationUntilExpiry: boolean;
  /** It goes without one only where another end is posted. */
  readonly expirationNeedsPostedEnd: boolean;
  /** A full log records expiries. */
  readonly expiryHasRoom: boolean;
  /** A log that starts arms the alarm also for what is to expire. */
  readonly startCoversExpirations: boolean;

  // TransferLogCore and Attempt
  /** The end of a transaction is recorded only once the transaction itself is. */
  readonly originRecorded: boolean;
  /** The row is durable before a hold leaves. */
  readonly rowBeforeHold: boolean;
  /** The decision is durable before a post or a release leaves. */
  readonly decisionBeforePost: boolean;
  /** The alarm is armed in the sql transaction that writes the row. */
  readonly alarmWithRow: boolean;
  /** An alarm run arms the next alarm before it does anything else. */
  readonly alarmGuard: boolean;
  /** A decision is written only if the row is still as it was when the event was decided. */
  readonly compareAndSet: boolean;
  /** While `settled` is noted in memory only, the row keeps its alarm. */
  readonly notedKeepsAlarm: boolean;
  /** What an account is told of a transaction that its log does not know. */
  readonly answerOfUnknown: "fault" | "reject";

  // Recorder
  /** The rows of all items are one sql transaction. */
  readonly batchIsOneWrite: boolean;
  /** So is the row of the batch, which keeps its key. */
  readonly batchKeepsKey: boolean;
  /** A key that was used singly is no batch's, and the other way round. */
  readonly singleKeepsKey: boolean;

  // Account
  /** A held leg whose log answers "undecided" stays held. */
  readonly undecidedStaysHeld: boolean;
  /** An undecided claimant keeps its claim. */
  readonly undecidedKeepsClaim: boolean;
  /** The claim goes in the sql transaction that voids its leg. */
  readonly voidDropsClaim: boolean;
  /** A claim stays when its leg is posted. */
  readonly postKeepsClaim: boolean;
  /** The entries of all lines of a leg are one sql transaction. */
  readonly postsWholeLeg: boolean;
  /** Entries are dated as their log says, and by no clock of the account: after a post, and after
   *  an ask. */
  readonly postsTellTime: boolean;
  readonly asksTellTime: boolean;
  /** An account never ends a hold on its own clock. */
  readonly holdsForEver: boolean;
  /** A freeze does not stop the post of a leg that was held before it. */
  readonly postsWhenFrozen: boolean;

  // WalletAccount
  readonly readAsks: boolean;
  /** A pass that learned of a commit is followed by another one. */
  readonly readRepeats: boolean;
  /** A pass in which an ask failed does not end in a clean answer. */
  readonly readNeedsAnswers: boolean;
  /** The answer is what was captured before the asks. */
  readonly readAnswersCapture: boolean;
  /** The answer leaves out holds that were learned to be rejected. */
  readonly readDropsRejected: boolean;
}

export const productionRules: Rules = {
  nextStep,
  decisionOf,
  admissionRules,
  decideHold,
  voteAfterAsks,
  closeLeg,
  undecidedOf,
  flawOf,
  divideByAccount,
  deadlineOf,
  holdOrder,
  nextEntries,
  isOver: (expiresAt, now) => expiresAt <= now,
  expirationWithDecision: true,
  alarmWithExpiration: true,
  expirationUntilExpiry: true,
  expirationNeedsPostedEnd: true,
  expiryHasRoom: true,
  startCoversExpirations: true,
  originRecorded: true,
  rowBeforeHold: true,
  decisionBeforePost: true,
  alarmWithRow: true,
  alarmGuard: true,
  compareAndSet: true,
  notedKeepsAlarm: true,
  answerOfUnknown: "fault",
  batchIsOneWrite: true,
  batchKeepsKey: true,
  singleKeepsKey: true,
  undecidedStaysHeld: true,
  undecidedKeepsClaim: true,
  voidDropsClaim: true,
  postKeepsClaim: true,
  postsWholeLeg: true,
  postsTellTime: true,
  asksTellTime: true,
  holdsForEver: true,
  postsWhenFrozen: true,
  readAsks: true,
  readRepeats: true,
  readNeedsAnswers: true,
  readAnswersCapture: true,
  readDropsRejected: true,
};
