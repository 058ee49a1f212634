// The layers of ARCHITECTURE.md as rules: a module imports only layers above its own line in this list.
const LAYERS = [
  ["core"],
  ["storage"],
  ["connectors", "lake", "warehouse"],
  ["bronze", "transform", "quality", "publish"],
  ["project", "metrics", "analysis"],
  ["pipeline", "generator"],
  ["scheduler"],
  ["server"],
  ["cli"],
]

const layerRules = LAYERS.flatMap((modules, level) =>
  modules.map((module) => ({
    name: `${module}-imports-only-below`,
    comment: "Move the shared piece to a lower layer, or pass it in as a parameter.",
    severity: "error",
    from: { path: `^src/${module}/`, pathNot: "[.]test[.]ts$" },
    to: { path: "^src/", pathNot: [module, ...LAYERS.slice(0, level).flat()].map((m) => `^src/${m}/`) },
  })),
)

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "core-is-pure",
      comment: "core holds vocabulary only; do the I/O in storage or above.",
      severity: "error",
      from: { path: "^src/core/", pathNot: "[.]test[.]ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "connectors-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/connectors/([^/]+)/", pathNot: "[.]test[.]ts$" },
      to: { path: "^src/connectors/[^/]+/", pathNot: "^src/connectors/$1/" },
    },
    {
      name: "warehouse-engines-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/warehouse/([^/]+)/", pathNot: "[.]test[.]ts$" },
      to: { path: "^src/warehouse/[^/]+/", pathNot: "^src/warehouse/$1/" },
    },
    {
      name: "nothing-imports-the-library-entry",
      severity: "error",
      from: { path: "^src/.+/" },
      to: { path: "^src/index[.]ts$" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
}
