// Draws what is sent together: a payroll, whose items all take from one wallet, or operations of all
// kinds. A few batches are long.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Random } from "./random.ts";

interface Drawn {
  readonly sent: SentRequest;
  readonly afterMs: number;
}

export function drawBatch(
  random: Random,
  wallets: readonly string[],
  drawAny: () => Drawn,
): readonly Drawn[] {
  const count = random.chance(0.1) ? random.integer(20, 40) : Math.floor(random.scaled(1, 10));
  if (random.chance(0.7)) return Array.from({ length: count }, drawAny);
  const fromWalletId = random.pick(wallets);
  const others = wallets.filter((wallet) => wallet !== fromWalletId);
  const amount = random.integer(1, 100);
  return Array.from({ length: count }, () => ({
    sent: { type: "transfer", fromWalletId, toWalletId: random.pick(others), amount },
    afterMs: 0,
  }));
}
