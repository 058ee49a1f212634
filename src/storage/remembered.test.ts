import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { storageContract } from "../../test/contracts/storage.ts"
import { localStorage } from "./local/local-storage.ts"
import { remembered } from "./remembered.ts"
import type { Storage } from "./storage.ts"

const folder = () => mkdtempSync(join(tmpdir(), "cartwright-remembered-"))

storageContract(async () => remembered(localStorage(folder()), folder(), () => true))

test("what was read once is not read again, not by the next process either, until its version is another", async () => {
  const kept = folder()
  const root = folder()
  let reads = 0
  const counted = (): Storage => {
    const store = localStorage(root)
    return {
      ...store,
      read: (key) => {
        reads++
        return store.read(key)
      },
    }
  }
  const text = async (store: Storage, key: string) => {
    for await (const _ of store.list(""));
    const chunks: Uint8Array[] = []
    for await (const chunk of store.read(key)) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }
  const open = () => remembered(counted(), kept, (key) => key.endsWith(".json"))
  await open().writeIfAbsent("a.json", Buffer.from("one"))
  await open().writeIfAbsent("a.csv", Buffer.from("1"))
  expect([await text(open(), "a.json"), await text(open(), "a.json"), reads]).toEqual(["one", "one", 1])
  await text(open(), "a.csv")
  await text(open(), "a.csv")
  expect([reads, readdirSync(kept).length]).toEqual([3, 1])
  rmSync(join(root, "a.json"))
  await open().writeIfAbsent("a.json", Buffer.from("another"))
  expect(await text(open(), "a.json")).toBe("another")
})
