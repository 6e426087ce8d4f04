// The Worker's entry point: the app answers requests, the classes are its Durable Objects.
import { env } from "cloudflare:workers";
import { createApp } from "./http/app.ts";
import { writeLog } from "./platform/log.ts";

export { ExternalAccount } from "./durable-objects/external-account.ts";
export { KeyRing } from "./durable-objects/key-ring.ts";
export { TransferLog } from "./durable-objects/transfer-log.ts";
export { Wallet } from "./durable-objects/wallet.ts";

// Said when the service starts. The clock stands at zero until the first request.
if (env.ENVIRONMENT === "development") {
  const detail = "Requests to local names need no credentials: they are principal `dev`.";
  writeLog("warn", { event: "development_mode", detail });
}

export default createApp();
