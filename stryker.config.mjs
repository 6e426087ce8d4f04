// Mutation testing of the domain, `npm run test:mutation`: changes the code in hundreds of small
// ways, one at a time, and expects a test in test/domain to fail for each. See docs/testing.md.
export default {
  mutate: ["src/domain/**/*.ts"],
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  coverageAnalysis: "perTest",
  // There is no such file: the sandbox needs no compiler options of its own, and TypeScript 7 does
  // not offer the programming interface that would rewrite them.
  tsconfigFile: "tsconfig.none.json",
  concurrency: 1,
  ignorePatterns: ["/.wrangler", "/coverage", "/dist"],
  tempDirName: "dist/mutation/sandbox",
  reporters: ["clear-text", "json"],
  jsonReporter: { fileName: "dist/mutation/report.json" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  allowConsoleColors: false,
  thresholds: { high: 95, low: 90, break: 90 },
};
