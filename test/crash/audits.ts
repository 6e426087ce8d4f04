// The service's own audit of each wallet.
import { bodyOf, untilFinal, type RecordingClient } from "./recording-client.ts";

/** A wallet that is not found consistent, and what the audit says of it. */
export async function auditWallets(
  client: RecordingClient,
  wallets: readonly string[],
): Promise<string[]> {
  const findings: string[] = [];
  for (const walletId of wallets) {
    const answer = await untilFinal(() => client.get(`/wallets/${walletId}/audit`));
    const { status } = bodyOf(answer) as { status: string };
    if (status !== "consistent") findings.push(`audit of ${walletId}: ${answer.body}`);
  }
  return findings;
}
