// Start-up log lines of an isolate, written with its first request: before it the platform's clock
// stands at zero, and a line would be dated 1970.
import { createMiddleware } from "hono/factory";
import { writeLog } from "../../platform/log.ts";
import type { AppEnv } from "../context.ts";
import { isDevelopment, settingFaults } from "../credentials/settings.ts";

const detail = "Requests to local names need no credentials; they are principal `dev`.";

function sayHowItIsSet(env: Env): void {
  if (isDevelopment(env)) writeLog("warn", { event: "development_mode", detail });
  for (const fault of settingFaults(env)) {
    writeLog("error", { event: "setting_invalid", setting: fault.setting, detail: fault.detail });
  }
}

export function sayModeOnce() {
  let isSaid = false;
  return createMiddleware<AppEnv>(async (c, next) => {
    if (!isSaid) sayHowItIsSet(c.env);
    isSaid = true;
    return await next();
  });
}
