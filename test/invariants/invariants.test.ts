import { test } from "vitest"
import { assertInvariants } from "./lib/assert.ts"

/** A few of the shops that test/engines/invariants.test.ts plays by the hundred. */
test("the invariants hold in tiny shops", async () => {
  await assertInvariants(3, { command: "npx vitest run test/invariants/invariants.test.ts" })
}, 300_000)
