// Two releases at once: what one of them writes and sends is good for the other.
import type { Area } from "../planted-fault.ts";

const mixed = { command: "node test/simulation/cli.ts --mixed-releases --seed 1" };

export const releaseFaults: Area = {
  area: "releases",
  faults: [
    {
      name: "migration-shuts-the-previous-release-out",
      breaks: "A release that is rolled back goes on on the newer schema.",
      file: "migrations/transfer-log/0005_nonce.sql",
      find: "ALTER TABLE transactions ADD COLUMN nonce TEXT;",
      replace: `ALTER TABLE transactions ADD COLUMN nonce TEXT;
        CREATE TRIGGER planted BEFORE INSERT ON transactions WHEN NEW.nonce IS NULL
        BEGIN SELECT RAISE(ABORT, 'planted: a row of the previous release'); END;`,
      caughtBy: mixed,
    },
  ],
};
