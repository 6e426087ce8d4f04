// The states of a leg: what the leg machine and the rules of admission both speak of.

/** `none`: never heard of. `void`: the tombstone of a leg that will never be posted. */
export type LegState = "none" | "held" | "posted" | "void";
