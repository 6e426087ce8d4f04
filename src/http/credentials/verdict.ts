// The verdict on a credential. The caller learns only that it is not valid; the reason is logged.
import type { Principal } from "../../domain/principal.ts";

type KeyDenial = "other_environment" | "unknown_key" | "wrong_secret" | "revoked";

/** Why a user token was refused: each reason points to a setting or a claim, explained in
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

/** `misconfigured`: the credential could not be verified, because the settings for it are
 *  invalid. */
export type Verdict =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly reason: Denial | "misconfigured" };

export function denied(reason: Denial | "misconfigured"): Verdict {
  return { ok: false, reason };
}
