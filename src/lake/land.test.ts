import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { beforeEach, describe, expect, test } from "vitest"
import { PLAIN_CSV } from "../core/csv.fixture.ts"
import { emptyLake } from "./lake.fixture.ts"

let { storage, read, file, open, deliver, keys } = emptyLake()
beforeEach(() => {
  ;({ storage, read, file, open, deliver, keys } = emptyLake())
})

const at = (time: string) => ({ asOf: new Date(time) })

describe("the layout", () => {
  test("objects by data set and day, byte for byte; the manifest after them, with their hashes", async () => {
    const { landing } = await deliver([file("in/events.csv", "id\n1\n")])
    const key = "raw-data/dataset_name=events/date=20260207/events.csv"
    expect(await keys()).toEqual([
      "lake.json",
      `manifests/thelook/events/20260207T100000000Z-${landing.landingId}.json`,
      key,
    ])
    expect(readFileSync(storage.localPath?.(key) as string, "utf8")).toBe("id\n1\n")
    const sha256 = createHash("sha256").update("id\n1\n").digest("hex")
    const format = { ...PLAIN_CSV, columns: ["id"] }
    expect(landing).toMatchObject({
      lakeVersion: 1,
      source: "thelook",
      dataset: "events",
      kind: "full",
      asOf: "2026-02-07T10:00:00.000Z",
      extractedAt: "2026-02-07T10:00:00.000Z",
      run: "run-1",
      cursor: null,
      files: [{ key, name: "in/events.csv", size: 5, sourceVersion: "1", sha256, ...format }],
    })
    const [again] = await (await open()).landings()
    expect(again).toEqual({ ...landing, decided: undefined, accepted: {} })
  })

  test("a second delivery on a day has a folder of its own, and comes after the first", async () => {
    const first = await deliver([file("events.csv", "id\n1\n")])
    const second = await deliver([file("events.csv", "id\n1\n2\n", "2")])
    const { landingId, files, extractedAt } = second.landing
    expect(files[0]?.key).toBe(`raw-data/dataset_name=events/date=20260207/landing=${landingId}/events.csv`)
    expect(extractedAt).toBe("2026-02-07T10:00:00.001Z")
    const lake = await open()
    expect((await lake.landings()).map((each) => each.landingId)).toEqual([
      first.landing.landingId,
      landingId,
    ])
  })

  test("two sources with data sets of one name keep apart, whichever came first", async () => {
    const first = await deliver([file("a.csv", "id\n1\n")])
    const other = await deliver([file("a.csv", "id\n2\n")], { source: "shop" })
    const later = await deliver([file("a.csv", "id\n3\n4\n", "3")], {
      source: "shop",
      ...at("2026-02-08T00:00:00Z"),
    })
    expect([first, other, later].map(({ landing }) => landing.files[0]?.key)).toEqual([
      "raw-data/dataset_name=events/date=20260207/a.csv",
      "raw-data/dataset_name=shop_events/date=20260207/a.csv",
      "raw-data/dataset_name=shop_events/date=20260208/a.csv",
    ])
  })

  test("files of one name in several folders keep their paths", async () => {
    const { landing } = await deliver([
      file("eu/date=20260207/a.csv", "1"),
      file("us/date=20260207/a.csv", "2"),
      file("us/date=20260207/b.csv", "3"),
    ])
    expect(landing.files.map(({ key }) => key.slice(key.indexOf("date=20260207/") + 14))).toEqual([
      "eu/a.csv",
      "us/a.csv",
      "b.csv",
    ])
  })
})

describe("what is known is not moved", () => {
  test("same size and modification time: not one byte is read", async () => {
    const { landing } = await deliver([file("a.csv", "id\n1\n")])
    const again = await deliver([file("a.csv", "id\n1\n")], at("2026-02-08T00:00:00Z"))
    expect(again).toMatchObject({
      status: "unchanged",
      reason: "same size and modification time as before",
      landing: { landingId: landing.landingId },
    })
    expect(read.bytes).toBe(0)
  })

  test("same size, another time, same content: hashed, not copied", async () => {
    await deliver([file("a.csv", "id\n1\n")])
    const before = await keys()
    const again = await deliver([file("a.csv", "id\n1\n", "touched")], at("2026-02-08T00:00:00Z"))
    expect(again).toMatchObject({ status: "unchanged", reason: "same content as before (sha256)" })
    expect(read.bytes).toBe(5)
    expect(await keys()).toEqual(before)
  })

  test("a source that tells an md5: another version of the same content is not read, another content once", async () => {
    const told = (content: string, version: string) => ({
      ...file("a.csv", content, version),
      md5: createHash("md5").update(content).digest("hex"),
      versionIs: "generation",
    })
    await deliver([told("id\n1\n", "7")])
    expect(await deliver([told("id\n1\n", "7")], at("2026-02-08T00:00:00Z"))).toMatchObject({
      status: "unchanged",
      reason: "same generation as before",
    })
    expect(await deliver([told("id\n1\n", "8")], at("2026-02-08T00:00:00Z"))).toMatchObject({
      status: "unchanged",
      reason: "same content as before (md5)",
    })
    expect(read.bytes).toBe(0)
    expect(await deliver([told("id\n2\n", "9")], at("2026-02-09T00:00:00Z"))).toMatchObject({
      status: "landed",
    })
    expect(read.bytes).toBe(5)
  })

  test("another size: read once", async () => {
    await deliver([file("a.csv", "id\n1\n")])
    await deliver([file("a.csv", "id\n1\n2\n", "2")], at("2026-02-08T00:00:00Z"))
    expect(read.bytes).toBe(7)
  })

  test("one of several files changed: the others are referred to where they are", async () => {
    const first = await deliver([file("a.csv", "id\n1\n"), file("b.csv", "id\n2\n")])
    const second = await deliver(
      [file("a.csv", "id\n1\n"), file("b.csv", "id\n2\n3\n", "2")],
      at("2026-02-08T00:00:00Z"),
    )
    expect(second).toMatchObject({ status: "landed", files: 1, bytes: 7 })
    expect(second.landing.files[0]).toEqual(first.landing.files[0])
  })

  test("a content that comes back after another one is news, but no bytes are moved", async () => {
    await deliver([file("a.csv", "id\n1\n")])
    await deliver([file("a.csv", "id\n2\n", "2")], at("2026-02-08T00:00:00Z"))
    const back = await deliver([file("a.csv", "id\n1\n", "3")], at("2026-02-09T00:00:00Z"))
    expect(back).toMatchObject({ status: "landed", files: 0, bytes: 0 })
  })

  test("a snapshot of an earlier time is news although the newest has its content", async () => {
    await deliver([file("a.csv", "id\n1\n")])
    const earlier = { timeFrom: "request" as const, ...at("2026-02-01T00:00:00Z") }
    expect(await deliver([file("a.csv", "id\n1\n")], earlier)).toMatchObject({
      status: "landed",
      landing: { extractedAt: "2026-02-01T00:00:00.000Z" },
    })
  })

  test("a day's delivery that equals the day before is recorded, so that it is not looked at again", async () => {
    await deliver([file("date=20260207/a.csv", "id\n1\n")], { timeFrom: "path" as const })
    const next = { timeFrom: "path" as const, ...at("2026-02-08T00:00:00Z") }
    expect(await deliver([file("date=20260208/a.csv", "id\n1\n", "2")], next)).toMatchObject({
      status: "landed",
      bytes: 0,
    })
    expect((await deliver([file("date=20260208/a.csv", "id\n1\n", "2")], next)).status).toBe("unchanged")
    expect(read.bytes).toBe(0)
  })

  test("incremental: only new and changed files make the next landing", async () => {
    const kind = "incremental" as const
    await deliver([file("1.csv", "id\n1\n")], { kind })
    const second = await deliver([file("1.csv", "id\n1\n"), file("2.csv", "id\n2\n", "9")], {
      kind,
      ...at("2026-02-08T00:00:00Z"),
    })
    expect(second.landing.files.map(({ name }) => name)).toEqual(["2.csv"])
    const third = await deliver([file("1.csv", "id\n1\n"), file("2.csv", "id\n2\n", "9")], {
      kind,
      ...at("2026-02-09T00:00:00Z"),
    })
    expect(third).toMatchObject({ status: "unchanged", reason: "no new or changed file" })
  })
})

test("the same source, data set, time and content are the same landing: a retry makes no second one", async () => {
  const asked = { timeFrom: "request" as const }
  const first = await deliver([file("a.csv", "id\n1\n")], asked)
  await deliver([file("a.csv", "id\n1\n2\n", "2")], at("2026-02-08T00:00:00Z"))
  const retried = await deliver([file("a.csv", "id\n1\n", "copied again")], asked)
  expect(retried).toMatchObject({ status: "unchanged", landing: { landingId: first.landing.landingId } })
  expect((await (await open()).landings()).length).toBe(2)
})

test("what lies in the folder now comes last, also where its newest file was removed or an old copy put back", async () => {
  const both = [file("a.csv", "id\n1\n"), file("b.csv", "id\n2\n3\n")]
  await deliver(both, at("2026-02-08T00:00:00Z"))
  const removed = await deliver([file("a.csv", "id\n1\n")], at("2026-02-07T00:00:00Z"))
  expect(removed).toMatchObject({ status: "landed", landing: { extractedAt: "2026-02-08T00:00:00.001Z" } })
  const back = await deliver(both, at("2026-02-08T00:00:00Z"))
  expect(back).toMatchObject({
    status: "landed",
    bytes: 0,
    landing: { extractedAt: "2026-02-08T00:00:00.002Z" },
  })
  const still = await deliver(both, at("2026-02-08T00:00:00Z"))
  expect(still).toMatchObject({ status: "unchanged", landing: { landingId: back.landing.landingId } })
})

test("a landing that was killed before its manifest does not exist; its objects are used by the retry", async () => {
  await deliver([file("a.csv", "id\n1\n")])
  const orphaned = "raw-data/dataset_name=events/date=20260208/a.csv"
  await storage.writeIfAbsent(orphaned, Buffer.from("id\n1\n2\n"))
  expect((await (await open()).landings()).length).toBe(1)
  const retried = await deliver([file("a.csv", "id\n1\n2\n", "2")], at("2026-02-08T00:00:00Z"))
  expect(retried.landing.files[0]?.key).toBe(orphaned)
})

test("an orphan of another content is left alone and in nobody's way", async () => {
  const orphaned = "raw-data/dataset_name=events/date=20260207/a.csv"
  await storage.writeIfAbsent(orphaned, Buffer.from("older"))
  const { landing } = await deliver([file("a.csv", "id\n1\n")])
  expect(landing.files[0]?.key).toBe(
    `raw-data/dataset_name=events/date=20260207/landing=${landing.landingId}/a.csv`,
  )
})

describe("a delivery that is not sound lands nothing", () => {
  test.each([
    ["a broken file", [file("a.csv", "id\n1\n"), file("b.csv", "broken")], "the file is broken"],
    ["no records in any file", [file("a.csv", "nothing")], /holds no records/],
    [
      "a file that grew meanwhile",
      [{ ...file("a.csv", "id\n1\n"), size: 3 }],
      "the file changed while it was read",
    ],
  ])("%s", async (_, files, message) => {
    await expect(deliver(files)).rejects.toMatchObject({
      code: "extract",
      message: expect.stringMatching(message),
    })
    expect(await (await open()).landings()).toEqual([])
    expect((await keys()).filter((key) => key.startsWith("manifests/"))).toEqual([])
  })

  test("a file without records beside one with records is fine", async () => {
    const { landing } = await deliver([file("a.csv", "nothing"), file("b.csv", "id\n1\n")])
    expect(landing.files.length).toBe(2)
  })
})
