// What mutation testing runs for each mutant: the tests of the domain alone, in plain Node.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/domain/**/*.test.ts"] },
});
