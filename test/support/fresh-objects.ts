// Empties all objects, so that a test file meets nothing that another one has stored. The runtime
// resets only what is in memory: whatever was named since the last time is called first, as it may
// have been evicted. The edge, the objects and the tests get all their stubs by name.
import { reset, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";

const prototype = Object.getPrototypeOf(env.WALLET) as DurableObjectNamespace;
const getByName = Reflect.get(prototype, "getByName");
const named = new Map<DurableObjectNamespace, Set<string>>();

prototype.getByName = function (this: DurableObjectNamespace, name, options) {
  const names = named.get(this) ?? new Set();
  named.set(this, names.add(name));
  return getByName.call(this, name, options);
};

export async function emptyObjects(): Promise<void> {
  const objects = [...named].flatMap(([namespace, names]) =>
    [...names].map((name) => getByName.call(namespace, name)),
  );
  named.clear();
  await Promise.all(objects.map((object) => runInDurableObject(object, () => undefined)));
  await reset();
}
