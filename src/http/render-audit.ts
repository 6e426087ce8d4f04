// Renders audit reports as response bodies. They are not recorded, so the form may grow.
import type { z } from "@hono/zod-openapi";
import type {
  AuditReport,
  ExternalAuditReport,
  KeyAuditReport,
} from "../durable-objects/account/audit-contract.ts";
import type { Audit, ExternalAudit, KeyAudit } from "./schemas/audit.ts";

/** Time limit of an audit, in ms: an account reads its whole ledger and asks all of its logs. */
export const auditMaxMs = 60_000;

type Status = z.infer<typeof Audit>["status"];

function statusOf(difference: object | undefined, unreachable: number): Status {
  if (difference) return "different";
  return unreachable > 0 ? "incomplete" : "consistent";
}

function renderOutcome(report: Omit<AuditReport | ExternalAuditReport, "ok" | "checked">) {
  const { head, difference, unreachableShards } = report;
  return {
    status: statusOf(difference, unreachableShards),
    asOf: { sequence: head.sequence, hash: head.hash },
    unreachableShards,
    ...(difference && { firstDifference: difference }),
  };
}

export function renderAudit(
  walletId: string,
  report: Omit<AuditReport, "ok">,
): z.infer<typeof Audit> {
  const { entries, holds, transactions, checkpoints, freezes } = report.checked;
  const { status, asOf, ...outcome } = renderOutcome(report);
  const checked = { entries, holds, transactions, checkpoints, freezes };
  return { walletId, status, asOf, checked, ...outcome };
}

export function renderExternalAudit(
  account: string,
  report: Omit<ExternalAuditReport, "ok">,
): z.infer<typeof ExternalAudit> {
  const { entries, holds, transactions, claims } = report.checked;
  const { status, asOf, ...outcome } = renderOutcome(report);
  return { account, status, asOf, checked: { entries, holds, transactions, claims }, ...outcome };
}

/** `undefined`: a ring that gave no answer. */
export function renderKeyAudit(
  reports: readonly (KeyAuditReport | undefined)[],
): z.infer<typeof KeyAudit> {
  const answered = reports.filter((report) => report !== undefined);
  const unreachableRings = reports.length - answered.length;
  const difference = answered.find((report) => report.difference)?.difference;
  return {
    status: statusOf(difference, unreachableRings),
    checked: { keys: answered.reduce((sum, { keys }) => sum + keys, 0) },
    unreachableRings,
    ...(difference && { firstDifference: difference }),
  };
}
