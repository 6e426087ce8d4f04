// The shape of an invariant, and what it looks at.
import type { AccountBook, Books, LogBook } from "../books.ts";
import type { History } from "../history.ts";
import type { CastVote, Misunderstood, UnknownProtocolCall } from "../network.ts";
import type { Refused } from "../refusals.ts";

export interface Finding {
  readonly what: string;
  /** The id of the transaction or wallet that it is about: its lines of the trace are shown. */
  readonly subject?: string;
}

export interface World {
  readonly books: Books;
  readonly history: History;
  readonly unknownProtocolCalls: readonly UnknownProtocolCall[];
  readonly misunderstood: readonly Misunderstood[];
  readonly votes: readonly CastVote[];
  /** Refusals since the last check; at quiescence, all. */
  readonly newRefusals: readonly Refused[];
  /** The seed has no faults. */
  readonly calm: boolean;
  /** A clock has jumped: times of different moments cannot be compared. */
  readonly clocksJumped: boolean;
  /** Transactions of which an attempt has left a posting out of account as a wrong clock's. */
  readonly misdated: ReadonlySet<string>;
  /** Alerts, and errors that no simulated fault explains. */
  readonly incidents: readonly string[];
  /** What may have changed since the last check; at quiescence, everything. */
  readonly changed: {
    readonly accounts: readonly AccountBook[];
    readonly logs: readonly LogBook[];
  };
  /** Answers that came since the last check; at quiescence, all. */
  readonly newAnswers: History["answers"];
  /** Bytes of the same answers before and after something that must not change them. */
  readonly comparisons: readonly {
    readonly what: string;
    readonly before: string;
    readonly after: string;
  }[];
}

export interface Invariant {
  readonly name: string;
  /** In one sentence, as docs/invariants.md has it. */
  readonly promise: string;
  /** `always`: after every event, and at quiescence. */
  readonly holds: "always" | "at quiescence";
  readonly find: (world: World) => Iterable<Finding>;
}
