// For every invariant of reads, a fault that breaks it. See planted-faults.ts.
import type { ReadBalance } from "./history.ts";
import { found, isTransfer, reading, recorded, richWallet, type PlantedFault } from "./planting.ts";

export const plantedReads: readonly PlantedFault[] = [
  {
    invariant: "acknowledged-is-shown",
    fault: "a late read, with legs in flight, shows an empty wallet",
    plant: (simulation) => {
      const read = reading(richWallet(simulation), 0, simulation.scheduler.step + 1);
      simulation.history.readings.push({ ...read, reading: { ...read.reading, inFlight: 1 } });
    },
  },
  {
    invariant: "reads-never-contradict",
    fault: "the sender shows a transfer, and afterwards the receiver does not",
    plant: (simulation) => {
      const transfer = recorded(simulation, isTransfer);
      const [from, to] = transfer.lines.map(({ account }) =>
        found(simulation.books.bookOf(transfer, account)),
      );
      const step = simulation.scheduler.step;
      simulation.history.readings.push(
        reading(found(from), found(from).entries.length, step + 1),
        reading(found(to), 0, step + 2),
      );
    },
  },
  {
    invariant: "reads-have-one-point",
    fault: "a late clean read shows an empty wallet",
    plant: (simulation) => {
      const read = reading(richWallet(simulation), 0, simulation.scheduler.step + 1);
      simulation.history.readings.push(read);
    },
  },
  {
    invariant: "reads-agree-with-the-ledger",
    fault: "a read shows one unit too much",
    plant: ({ history }) => {
      const read = found(
        history.readings.find(
          (one): one is ReadBalance => one.kind === "balance" && one.reading.positions.length > 0,
        ),
      );
      const [first, ...others] = read.reading.positions;
      const more = { ...found(first), balance: found(first).balance + 1 };
      history.readings.push({
        ...read,
        reading: { ...read.reading, positions: [more, ...others] },
      });
    },
  },
];
