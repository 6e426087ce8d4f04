// The faulty network as a fixture: in place for every test of a file, or of a `describe`, and sound
// again after each of them.
import { afterEach, beforeEach } from "vitest";
import { breakNetwork, FaultyNetwork } from "./faulty-stubs.ts";

export function useFaultyNetwork(): FaultyNetwork {
  const network = new FaultyNetwork();
  let restore: () => void;
  beforeEach(() => {
    ({ restore } = breakNetwork(network));
  });
  afterEach(() => restore());
  return network;
}
