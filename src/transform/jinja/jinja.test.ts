import { describe, expect, test } from "vitest"
import { fixtureFiles, readFixtures, render } from "./fixtures/cases.fixture.ts"

/** The outcomes in the fixtures are Python's own: test/engines/jinja.test.ts holds them against it. */
describe.each(fixtureFiles())("%s renders as Python's Jinja does", (file) => {
  test.each(readFixtures(file))("$name: $template", async (fixture) => {
    const { outcome } = fixture
    const ours = await render(fixture)
    if (outcome === undefined)
      throw new Error("no outcome yet: run the engines test with JINJA_FIXTURES=write")
    if ("text" in outcome) expect(ours).toEqual(outcome)
    else if (outcome.sameWords) expect(ours).toEqual({ error: outcome.error })
    else expect(ours).toHaveProperty("error")
  })
})
