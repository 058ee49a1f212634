import { join } from "node:path"
import { defineConfig } from "vitest/config"

/** What `npm test` runs: needs Node only. Files that need engines or the real data live in test/engines. */
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "web/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["test/engines/**", "test/gates/fixtures/**", "**/node_modules/**"],
    env: { TZ: "America/Los_Angeles" },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    setupFiles: [join(import.meta.dirname, "test/setup/property-seed.ts")],
  },
})
