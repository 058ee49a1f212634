import * as fc from "fast-check"

/**
 * Property tests look somewhere else on every run of a developer, and always at the same place in CI: whether a commit
 * passes is then a fact about the commit. A failure prints the seed; `PROPERTY_SEED=<number>` runs it again anywhere.
 */
const asked = process.env["PROPERTY_SEED"]
if (asked !== undefined) fc.configureGlobal({ seed: Number(asked) })
else if (process.env["CI"] === "true") fc.configureGlobal({ seed: 20_260_101 })
