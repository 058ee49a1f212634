import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { storageContract } from "../../../test/contracts/storage.ts"
import { localStorage } from "./local-storage.ts"
import { environmentError } from "./system-errors.ts"

const folder = () => mkdtempSync(join(tmpdir(), "cartwright-storage-"))

storageContract(async () => localStorage(join(folder(), "not yet there")))

test("reading and listing create nothing", async () => {
  const root = join(folder(), "lake")
  const store = localStorage(root)
  expect(await store.stat("a")).toBeUndefined()
  for await (const _ of store.list(""));
  expect(existsSync(root)).toBe(false)
})

test("an object is a file that engines can open in place", async () => {
  const root = folder()
  const store = localStorage(root)
  await store.writeIfAbsent("a/b.csv", Buffer.from("x"))
  expect(store.localPath?.("a/b.csv")).toBe(join(root, "a", "b.csv"))
  expect(readdirSync(join(root, "a"))).toEqual(["b.csv"])
})

test("what a killed writer left is no object and does not hinder the next", async () => {
  const root = folder()
  mkdirSync(join(root, "a"))
  writeFileSync(join(root, "a", ".unfinished-0123456789ab"), "half")
  const store = localStorage(root)
  for await (const { key } of store.list("")) expect.fail(`${key} is no object`)
  expect(await store.writeIfAbsent("a/b", Buffer.from("whole"))).toBe(true)
  await store.removeUnfinished()
  expect(readdirSync(join(root, "a"))).toEqual(["b"])
})

test("a file in the place of a folder is an environment error that names the path", async () => {
  const root = folder()
  writeFileSync(join(root, "a"), "")
  await expect(localStorage(root).writeIfAbsent("a/b", Buffer.from("x"))).rejects.toMatchObject({
    code: "environment",
    place: join(root, "a", "b"),
  })
})

test.each([
  ["ENOSPC", /disk is full/],
  ["EDQUOT", /disk is full/],
  ["EACCES", /no permission/],
  ["EROFS", /no permission/],
])("the system's %s is told with what to do", (code, message) => {
  const error = environmentError("writing", "/lake/x", Object.assign(new Error(code), { code }))
  expect(error).toMatchObject({ code: "environment", place: "/lake/x", next: expect.stringMatching(/./) })
  expect(error.message).toMatch(message)
})
