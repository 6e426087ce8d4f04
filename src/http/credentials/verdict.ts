// What became of a credential. The caller is only told that it is not valid; why is for the log.
import type { Principal } from "../../domain/principal.ts";

type KeyDenial = "other_environment" | "unknown_key" | "wrong_secret" | "revoked";

/** Why a user's token was not believed: each names the setting or the claim to look at, in
 *  docs/authentication.md. */
export type TokenDenial =
  | "no_token_issuer"
  | "malformed_token"
  | "wrong_algorithm"
  | "no_kid"
  | "unknown_kid"
  | "bad_signature"
  | "no_expiry"
  | "expired"
  | "not_yet_valid"
  | "wrong_issuer"
  | "wrong_audience"
  | "no_user_id"
  | "no_tenant"
  | "no_scopes";

export type Denial = "no_credential" | "malformed" | KeyDenial | TokenDenial;

/** `misconfigured`: nothing is known of the credential, because the settings that say how to check
 *  it are wrong. */
export type Verdict =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: Denial | "misconfigured" };

export function denied(reason: Denial | "misconfigured"): Verdict {
  return { ok: false, reason };
}
