// What became of a credential. The caller is only told that it is not valid; why is for the log.
import type { Principal } from "../../domain/principal.ts";

export type Denial =
  | "no_credential"
  | "malformed"
  | "other_environment"
  | "unknown_key"
  | "wrong_secret"
  | "revoked"
  | "expired"
  | "invalid_token";

export type Verdict =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: Denial };

export function denied(reason: Denial): Verdict {
  return { ok: false, reason };
}
