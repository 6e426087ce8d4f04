// Identity checks: an object works only as the one that it was created as, under the shard count
// that it was created with. A call for another object is a bug and throws.

export const identityMismatch = "identity mismatch: the call is for another object than this one";

/** Of an object that is one shard of its class. */
export interface ShardIdentity {
  readonly class: string;
  readonly shard: number;
  readonly shards: number;
}

/** Whether the stored identity agrees with the expected one in each of its fields. */
export function isIdentity<Identity extends object>(
  stored: Identity | undefined,
  expected: Partial<Identity>,
): stored is Identity {
  const fields = Object.keys(expected) as (keyof Identity)[];
  return stored !== undefined && fields.every((field) => stored[field] === expected[field]);
}

/** Throws unless the stored identity is the expected one. */
export function assertIdentity<Identity extends object>(
  stored: Identity | undefined,
  expected: Partial<Identity>,
): void {
  if (!isIdentity(stored, expected)) throw new Error(identityMismatch);
}

/** Throws where the object is called something else; an instance that was reached by its id does
 *  not know its name. */
export function assertObjectName(objectName: string | undefined, expected: string): void {
  if (objectName !== undefined && objectName !== expected) throw new Error(identityMismatch);
}
