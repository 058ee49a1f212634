// `npm test`: needs Node only. Extra arguments go to vitest.
import { prepare } from "./lib/prepare.mjs"
import { vitest } from "./lib/vitest.mjs"

await prepare()
await vitest("test", "vitest.config.ts", process.argv.slice(2))
