// The last line of CI: the counts of both suites. A suite that left no result counts as one failure.
import { existsSync, readFileSync } from "node:fs"
import { resultOf } from "./lib/vitest.mjs"

const total = { passed: 0, failed: 0, skipped: 0 }
for (const suite of ["test", "test-engines"]) {
  if (!existsSync(resultOf(suite))) {
    total.failed += 1
    continue
  }
  const result = JSON.parse(readFileSync(resultOf(suite), "utf8"))
  total.passed += result.numPassedTests
  total.failed += result.numFailedTests
  total.skipped += result.numPendingTests + result.numTodoTests
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ""
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
