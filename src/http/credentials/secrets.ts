// The two operations on secrets, as a port: a test counts that a wrong secret and an unknown key
// cost the same ones.
import { createHash, timingSafeEqual } from "node:crypto";

export interface Secrets {
  /** 32 bytes. A secret of 256 random bits needs no slow hash and no salt. */
  sha256(secret: string): Uint8Array;
  /** Takes the same time wherever two values of equal length differ. */
  equal(left: Uint8Array, right: Uint8Array): boolean;
}

export const platformSecrets: Secrets = {
  sha256: (secret) => createHash("sha256").update(secret).digest(),
  equal: (left, right) => timingSafeEqual(left, right),
};
