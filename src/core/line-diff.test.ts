import fc from "fast-check"
import { expect, test } from "vitest"
import { lineDiff } from "./line-diff.ts"

test("changes stand with two lines around them", () => {
  const before = "a\nb\nc\nd\ne\nf\ng"
  expect(lineDiff(before, before.replace("d", "D\nDD"))).toEqual([
    "…",
    " b",
    " c",
    "-d",
    "+D",
    "+DD",
    " e",
    " f",
    "…",
  ])
  expect(lineDiff(before, before)).toEqual(["…"])
})

test("what is not new are lines of the one text in their order, what is not gone those of the other", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 })
    .map((lines) => lines.join("\n"))
  fc.assert(
    fc.property(text, text, (before, after) => {
      // Short enough that at most the beginning and the end are left out.
      const lines = lineDiff(before, after).filter((line) => line !== "…")
      const of = (mark: string) =>
        lines
          .filter((line) => !line.startsWith(mark))
          .map((line) => line.slice(1))
          .join("\n")
      expect(before).toContain(of("+"))
      expect(after).toContain(of("-"))
    }),
  )
})
