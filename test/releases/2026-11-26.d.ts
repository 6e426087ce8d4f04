// Types of the frozen release beside this file. See README.md.
import type { Directory } from "../simulation/production.ts";
import type { Instance, InstanceParts } from "../simulation/platform.ts";

export function createWallet(parts: InstanceParts, directory: Directory): Instance;
export function createExternal(parts: InstanceParts, directory: Directory): Instance;
export function createLog(parts: InstanceParts, directory: Directory): Instance;
export function createKeyRing(parts: InstanceParts, directory: Directory): Instance;
