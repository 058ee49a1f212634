import { expect, test } from "vitest"
import { headerChange, headerSentence } from "./header-change.ts"
import type { Manifest, ManifestFile } from "./manifest.ts"

const landing = (day: number, columns: string[], format: ManifestFile["format"] = "csv") =>
  ({
    landingId: `landing-${day}`,
    extractedAt: `2026-03-0${day}T00:00:00.000Z`,
    files: [{ format, header: true, columns }],
  }) as unknown as Manifest

const sentence = (after: Manifest, ...known: Manifest[]) => {
  const change = headerChange(after, known)
  return change === undefined ? undefined : headerSentence(change)
}

test("headers are compared with the landing before in time, letter case aside", () => {
  const [first, third] = [landing(1, ["id", "age"]), landing(3, ["id", "tier"])]
  expect(sentence(landing(2, ["ID", "Age"]), third, first)).toBeUndefined()
  expect(sentence(landing(2, ["tier", "id", "city"]), first, third)).toBe(
    "new columns tier, city; without column age",
  )
  expect(sentence(landing(2, ["age", "id"]), first, third)).toBe("columns in another order")
  expect(sentence(landing(4, ["id", "tier"]), first, third)).toBeUndefined()
  expect(sentence(first, first, third)).toBeUndefined()
})

test("objects tell their columns one by one: their beginning says nothing about what is missing", () => {
  expect(sentence(landing(2, ["id"], "ndjson"), landing(1, ["id", "age"], "ndjson"))).toBeUndefined()
})
