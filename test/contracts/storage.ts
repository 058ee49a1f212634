import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Storage } from "../../src/storage/storage.ts"

const CHARACTERS = "a Z 0 . - _ ~ = % # ? + & ; : , ' ( ) [ ] { } * ! $ @ ^ | < > ü € 漢 😀".split(" ")

/**
 * What every store must do. Each implementation's test calls this, and adds only what is special to it.
 * @param open gives a new, empty store
 */
export function storageContract(open: () => Promise<Storage>): void {
  const text = async (store: Storage, key: string) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of store.read(key)) chunks.push(chunk)
    return Buffer.concat(chunks).toString("utf8")
  }
  const keys = async (store: Storage, prefix: string) => {
    const found: string[] = []
    for await (const { key } of store.list(prefix)) found.push(key)
    return found.sort()
  }
  async function* chunks(...texts: string[]): AsyncIterable<Uint8Array> {
    for (const each of texts) yield Buffer.from(each)
  }

  describe("as every store", () => {
    test("gives back what was written, bytes for bytes", async () => {
      const store = await open()
      expect(await store.writeIfAbsent("a/b.txt", chunks("one ", "two"))).toBe(true)
      expect(await store.writeIfAbsent("a/ü b=1.bin", Buffer.from("direct"))).toBe(true)
      expect(await store.writeIfAbsent("empty", new Uint8Array(0))).toBe(true)
      expect(await text(store, "a/b.txt")).toBe("one two")
      expect(await text(store, "a/ü b=1.bin")).toBe("direct")
      expect(await text(store, "empty")).toBe("")
    })

    test("gives back any content under any sound key, and lists it there", async () => {
      const store = await open()
      const part = fc
        .string({
          unit: fc.constantFrom(" ", ...CHARACTERS),
          minLength: 1,
          maxLength: 12,
        })
        .filter((text) => !text.startsWith("."))
      let run = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(part, { minLength: 1, maxLength: 4 }),
          fc.uint8Array({ maxLength: 5000 }),
          async (parts, content) => {
            const key = [`run-${run++}`, ...parts].join("/")
            expect(await store.writeIfAbsent(key, content)).toBe(true)
            const read: Uint8Array[] = []
            for await (const chunk of store.read(key)) read.push(chunk)
            expect(Buffer.concat(read).equals(content)).toBe(true)
            expect(await keys(store, key)).toEqual([key])
            expect((await store.stat(key))?.size).toBe(content.length)
          },
        ),
        { numRuns: 30 },
      )
    })

    test("passes large objects on in order", async () => {
      const store = await open()
      const piece = Buffer.alloc(1 << 20, "x")
      async function* large() {
        for (let i = 0; i < 40; i++) yield Buffer.concat([Buffer.from([i]), piece])
      }
      await store.writeIfAbsent("large", large())
      let size = 0
      for await (const chunk of store.read("large")) size += chunk.length
      expect(size).toBe(40 * ((1 << 20) + 1))
    })

    test("never writes over an object", async () => {
      const store = await open()
      await store.writeIfAbsent("a", chunks("first"))
      expect(await store.writeIfAbsent("a", chunks("second"))).toBe(false)
      expect(await store.writeIfAbsent("a", Buffer.from("third"))).toBe(false)
      expect(await text(store, "a")).toBe("first")
    })

    test("reads a content to its end also where an object is in its way", async () => {
      const store = await open()
      await store.writeIfAbsent("a", chunks("first"))
      let ended = 0
      async function* watched(pieces: number) {
        for (let i = 0; i < pieces; i++) yield Buffer.alloc(1 << 20, "x")
        ended += pieces
      }
      expect(await store.writeIfAbsent("a", watched(1))).toBe(false)
      expect(await store.writeIfAbsent("a", watched(20))).toBe(false)
      expect(ended).toBe(21)
    })

    test("of several writers of one key, exactly one wins, with all its bytes", async () => {
      const store = await open()
      const written = await Promise.all(
        Array.from({ length: 8 }, (_, i) => store.writeIfAbsent("a", chunks(`${i}`.repeat(1000), `${i}`))),
      )
      expect(written.filter(Boolean).length).toBe(1)
      expect(await text(store, "a")).toBe(`${written.indexOf(true)}`.repeat(1001))
    })

    test("writes nothing when the content fails, and passes the failure on", async () => {
      const store = await open()
      async function* failing() {
        yield Buffer.from("half")
        throw new Error("source went away")
      }
      await expect(store.writeIfAbsent("a", failing())).rejects.toThrow("source went away")
      expect(await store.stat("a")).toBeUndefined()
      expect(await keys(store, "")).toEqual([])
      expect(await store.writeIfAbsent("a", chunks("whole"))).toBe(true)
    })

    test("lists by prefix, not by folder", async () => {
      const store = await open()
      for (const key of ["a/1", "a/2/x", "ab", "b/1"]) await store.writeIfAbsent(key, Buffer.from(key))
      expect(await keys(store, "")).toEqual(["a/1", "a/2/x", "ab", "b/1"])
      expect(await keys(store, "a")).toEqual(["a/1", "a/2/x", "ab"])
      expect(await keys(store, "a/")).toEqual(["a/1", "a/2/x"])
      expect(await keys(store, "a/2")).toEqual(["a/2/x"])
      expect(await keys(store, "nothing/")).toEqual([])
    })

    test("knows size, time and version of an object, and nothing of others", async () => {
      const store = await open()
      const before = Date.now() - 5000
      await store.writeIfAbsent("a/b", Buffer.from("12345"))
      const info = await store.stat("a/b")
      expect(info).toMatchObject({ key: "a/b", size: 5, version: expect.stringMatching(/./) })
      expect(info?.modified.getTime()).toBeGreaterThan(before)
      expect((await store.stat("a/b"))?.version).toBe(info?.version)
      expect(await store.stat("a")).toBeUndefined()
      expect(await store.stat("a/b/c")).toBeUndefined()
    })

    test("says what is missing when it is read", async () => {
      const store = await open()
      await expect(text(store, "no/such")).rejects.toMatchObject({ code: "lake" })
    })

    test.each(["", "/a", "a//b", "../a", "a/../b", "./a", "a/", "a\\b", "a\0b"])(
      "refuses the key %j",
      async (key) => {
        const store = await open()
        await expect(store.writeIfAbsent(key, Buffer.from("x"))).rejects.toMatchObject({ code: "lake" })
        await expect(text(store, key)).rejects.toMatchObject({ code: "lake" })
      },
    )
  })
}
