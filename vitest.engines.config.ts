import { basename, join } from "node:path"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** The files that take longest, in that order: begun last, one of them would run on alone. */
const LONGEST = [
  "bigquery-gold",
  "invariants",
  "crash",
  "bronze-bigquery",
  "airflow",
  "schema-evolution",
  "googlesql",
  "dbt-runner",
  "invariants-dbt",
  "parity",
  "image",
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.indexOf(basename(moduleId, ".test.ts"))
      return place < 0 ? LONGEST.length : place
    }
    return files.sort((a, b) => rank(a) - rank(b))
  }
}

/** What `npm run test:engines` runs: real dbt, real servers, the full data sets. Two files at a time: most of them wait for one core of an engine. */
export default defineConfig({
  test: {
    include: ["test/engines/**/*.test.ts"],
    env: { TZ: "America/Los_Angeles" },
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    setupFiles: [join(import.meta.dirname, "test/setup/property-seed.ts")],
  },
})
