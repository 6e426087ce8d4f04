// Generated code imports with extensions, so that Node runs it without a build.
export default {
  input: "openapi.json",
  output: { path: "ledger", module: { extension: ".ts" } },
};
