import { join } from "node:path"
import { defineConfig } from "vitest/config"

/** What `npm run test:engines` runs: real dbt, real servers, the full data sets. One file at a time: they are heavy. */
export default defineConfig({
  test: {
    include: ["test/engines/**/*.test.ts"],
    env: { TZ: "America/Los_Angeles" },
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    fileParallelism: false,
    setupFiles: [join(import.meta.dirname, "test/setup/property-seed.ts")],
  },
})
