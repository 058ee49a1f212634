import fc from "fast-check"
import { expect, test } from "vitest"
import { profileOf } from "../profile.fixture.ts"
import type { ProfileReport } from "../report.ts"
import { profilePage } from "./page.ts"

const tagsOf = (page: string) => page.match(/<[^>]*>/g)?.map((tag) => tag.replace(/\s.*/s, "")) ?? []

/** A report whose names, values and reasons are all the same text. */
async function reportWith(text: string): Promise<ProfileReport> {
  const report = await profileOf({
    a: {
      id: [1, 2, 3],
      b_id: [1, 2, 1],
      label: ["x", "y", "x"],
      at: ["2026-01-01", "2026-01-02", "2026-02-03"],
    },
    b: { id: [1, 2], label: ["null", "y"], email: ["a@b.org", "c@d.org"] },
  })
  const changed: ProfileReport = structuredClone(report)
  changed.subject = text
  changed.unusable = [{ file: text, problem: text }]
  for (const [i, table] of changed.tables.entries()) {
    // Two tables keep two names: links between them are found by name.
    table.name = `${text}${i}`
    table.origin.files = text
    table.keys = [[text]]
    table.verdict.why = [text]
    table.verdict.include = i === 0
    table.rejected = { rows: 1, reasons: [{ reason: text, rows: 1, firstLine: text }] }
    if (table.time !== null) table.time.column = text
    for (const column of table.columns) {
      column.name = text
      column.type.format = text
      column.min = `${text}1`
      column.max = `${text}2`
      column.patterns = [{ pattern: text, share: 1 }]
      column.top = [{ value: text, rows: 3, share: 1 }]
      column.suspicious = [{ rule: "null-text", what: text, rows: 1, example: text }]
    }
  }
  changed.references = [
    {
      table: `${text}0`,
      column: text,
      to: { table: `${text}1`, column: text },
      by: "inclusion",
      rows: 3,
      orphans: 1,
      orphanExample: text,
      coverage: 1,
      copies: [{ column: text, of: text, share: 1 }],
    },
  ]
  return changed
}

test("whatever names and values hold, the page has the same elements and loads nothing", async () => {
  const plain = tagsOf(profilePage(await reportWith("plain")))
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "<script>alert(1)</script>",
      `"><img src=x onerror=alert(1)>`,
      "</style><style>@import 'http://evil'",
      "</title><svg onload=alert(1)>",
      "&lt;script&gt;",
      "'onmouseover='alert(1)",
      "]]><!--",
      "\u202egnp.exe\u0000\ud800",
      "javascript:alert(1)",
      "",
    ),
  )
  const base = await reportWith("plain")
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const page = profilePage(replaced(base, text))
      // An empty name leaves out nothing but the marks for what is not there.
      if (text !== "") expect(tagsOf(page)).toEqual(plain)
      const tags = (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""')).join("\n")
      expect(tags).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|\ssrc=/i)
      const styles = page.slice(page.indexOf("<style>"), page.indexOf("</style>"))
      expect(styles).not.toMatch(/url\(|expression/)
      for (const [, target] of page.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#/)
    }),
    { numRuns: 60 },
  )
})

function replaced<T>(value: T, text: string): T {
  if (typeof value === "string") return value.replaceAll("plain", () => text) as T
  if (Array.isArray(value)) return value.map((each: unknown) => replaced(each, text)) as T
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, replaced<unknown>(each, text)]),
  ) as T
}

test("links lead to sections that are there, each once", async () => {
  const page = profilePage(await reportWith("Größe & <Preis>"))
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [, target = ""] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
})
