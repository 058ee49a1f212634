// `npm run test:engines`: real dbt, real analyzers, the full data sets (CARTWRIGHT_DATA, default ../shared/data).
// `npm run engines` installs what it needs; what is missing is a visible skip, and a failure where CI=true.
import { prepare } from "./lib/prepare.mjs"
import { vitest } from "./lib/vitest.mjs"

await prepare()
await vitest("test-engines", "vitest.engines.config.ts", process.argv.slice(2))
