// The Worker's entry point: the app answers requests, the classes are its Durable Objects.
import { createApp } from "./http/app.ts";

export { ExternalAccount } from "./durable-objects/external-account/external-account.ts";
export { KeyRing } from "./durable-objects/key-ring/key-ring.ts";
export { TransferLog } from "./durable-objects/transfer-log/transfer-log.ts";
export { Wallet } from "./durable-objects/wallet/wallet.ts";

export default createApp();
