// Worlds of batches: items that are recorded together and then go their own ways.
import { item, transfer, underKeyOfBatch, usd, type Configuration } from "./planned.ts";

export const batchConfigurations: readonly Configuration[] = [
  {
    name: "batch",
    about: "two transfers in a batch, with money for one of them; its key is used singly, too",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }, { name: "C" }],
    transactions: [
      item(transfer("A", "B")),
      item(transfer("A", "C")),
      underKeyOfBatch(transfer("A", "B")),
    ],
    small: true,
  },
  {
    name: "batch-of-a-chain",
    about: "the second item of a batch spends what the first one brings; their log may fill up",
    wallets: [{ name: "A", opening: usd(1) }, { name: "B" }, { name: "C" }],
    transactions: [item(transfer("A", "B")), item(transfer("B", "C"))],
    logsMayFill: true,
    small: true,
  },
];
