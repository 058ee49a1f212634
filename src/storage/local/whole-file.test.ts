import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { createFile, removeUnfinished, replaceFile } from "./whole-file.ts"

const folder = () => mkdtempSync(join(tmpdir(), "cartwright-whole-"))

test("a file is replaced, or made where none is, and nothing else stays behind", () => {
  const dir = folder()
  const path = join(dir, "a.yml")
  expect(createFile(path, "one")).toBe(true)
  expect(createFile(path, "two")).toBe(false)
  expect(readFileSync(path, "utf8")).toBe("one")
  replaceFile(path, "three", true)
  expect(readFileSync(path, "utf8")).toBe("three")
  expect(readdirSync(dir)).toEqual(["a.yml"])
})

test("what a killed process left is removed, and other files are not", () => {
  const dir = folder()
  for (const name of [".a.yml.0123abcd.tmp", "a.tmp", ".env", ".notes.tmp"])
    writeFileSync(join(dir, name), "")
  removeUnfinished(dir)
  expect(readdirSync(dir).sort()).toEqual([".env", ".notes.tmp", "a.tmp"])
  removeUnfinished(join(dir, "nowhere"))
})
