// Clocks that step: what a wrong clock wrote may hold nothing up and keep nothing alive.
import type { Area } from "../planted-fault.ts";

const steps = "src/domain/protocol/clock-steps.ts";
const store = "src/durable-objects/transfer-log/store.ts";
const domain = ["test/domain/clock-steps.test.ts"];
const objects = ["test/durable-objects/transfer-log/clock-steps.test.ts"];

export const clockStepFaults: Area = {
  area: "clock-steps",
  faults: [
    {
      name: "a-deadline-of-the-future-is-waited-for",
      breaks: "A deadline further ahead than a rule could have put it has passed.",
      file: "src/domain/protocol/saga.ts",
      find: "isDue(deadline, now, preparingMaxMs)",
      replace: "now >= deadline",
      caughtBy: domain,
    },
    {
      name: "machines-clocks-do-not-differ",
      breaks: "A clock that drifts by less than machines' clocks differ expires nothing.",
      file: steps,
      find: "time > now + aheadMaxMs + clockDriftMaxMs",
      replace: "time > now + aheadMaxMs",
      caughtBy: domain,
    },
    {
      name: "what-was-read-in-the-future-is-young",
      breaks: "What was read in the future has no age, and is read again.",
      file: steps,
      find: "since <= now && now - since < ageMaxMs",
      replace: "now - since < ageMaxMs",
      caughtBy: [...domain, "test/http-pure/key-cache.test.ts"],
    },
    {
      name: "an-attempt-of-the-future-waits-a-full-back-off",
      breaks: "A next attempt is bound by the back-off for that many attempts.",
      file: "src/domain/protocol/retry-policy.ts",
      find: "attempts === 0 ? 0 : settleDelayMs(attempts, 0)",
      replace: "settleDelayMs(100, 0)",
      caughtBy: domain,
    },
    {
      name: "no-alarm-for-an-attempt-of-the-future",
      breaks: "A row that a wrong clock put off has its alarm at once.",
      file: store,
      find: "THEN ?1 ELSE next_attempt_at END",
      replace: "THEN next_attempt_at ELSE next_attempt_at END",
      caughtBy: objects,
    },
    {
      name: "the-future-is-not-listed",
      breaks: "What is open and was created in the future is listed, whatever age is asked for.",
      file: store,
      find: "(created_at <= ? OR created_at > ?)",
      replace: "(created_at <= ? AND created_at < ?)",
      caughtBy: objects,
    },
    {
      name: "an-alarm-of-a-wrong-clock-is-believed",
      breaks: "The alarm that an object remembers is forgotten when its clock was put back.",
      file: "src/durable-objects/alarm-clock.ts",
      find: " && !wasPutBack",
      replace: "",
      caughtBy: objects,
    },
    {
      name: "an-account-asks-about-the-future-in-vain",
      breaks: "An account that asks about an undecided transaction of the future arms its alarm.",
      file: "src/durable-objects/transfer-log/reads.ts",
      find: "isExpired(asked, now)",
      replace: "now >= asked.deadline",
      caughtBy: objects,
    },
    {
      name: "waits-are-not-brought-forward",
      breaks: "Waits of the shared timer do not hang while the clock is put back.",
      file: "src/platform/clock.ts",
      find: "wait.at -= byMs",
      replace: "wait.at -= 0 * byMs",
      caughtBy: ["test/platform/clock.test.ts"],
    },
    {
      name: "requests-of-the-future-count",
      breaks: "A request from before the clock was put back does not keep an isolate full.",
      file: "src/http/middleware/limit-load.ts",
      find: "isYoung(request.since, now, requestMaxMs)",
      replace: "request.since > now - requestMaxMs",
      caughtBy: ["test/http-pure/limit-load.test.ts"],
    },
    {
      name: "a-step-prolongs-a-call",
      breaks: "A call from the edge is not prolonged by a clock that is put back.",
      file: "src/durable-objects/rpc/stubs.ts",
      find: "isYoung(startedAt, systemClock.now(), waitMaxMs)",
      replace: "systemClock.now() - startedAt < waitMaxMs",
      caughtBy: ["test/durable-objects/rpc/stubs.test.ts"],
    },
  ],
};
