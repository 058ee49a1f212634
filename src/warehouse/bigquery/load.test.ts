import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { afterEach, expect, test } from "vitest"
import type { StagingArea } from "./load.ts"
import { done, fine, idOf, inserts, type Reply, startStub, type Stub } from "./stub.fixture.ts"

let stub: Stub
const serve = async (reply: Reply) => {
  stub = await startStub(reply)
  return stub
}
afterEach(() => stub.stop())

test("a load reports the rows that it left out, with file, line and reason", async () => {
  const errors = [
    {
      reason: "invalid",
      message:
        'Error while reading data, error message: CSV table references column position 2, but line contains only 1 columns.; line_number: 7 byte_offset_to_start_of_line: 120 column_index: 2 column_name: "c" column_type: STRING File: gs://lake/a.csv',
    },
    {
      reason: "invalid",
      location: "gs://lake/b.ndjson",
      message:
        "Error while reading data, error message: JSON parsing error in row starting at position 52: Parser terminated before end of string",
    },
  ]
  const { open } = await serve((request) => {
    if (request.path === "jobs") return done(idOf(request))
    return done("x", {
      status: { errors },
      statistics: { load: { outputRows: "10", badRecords: "2" } },
    })
  })
  const warehouse = await open()
  const result = await warehouse.load("load", "landing-1", {
    dataset: "bronze",
    table: "raw",
    into: "append",
    maxBadRows: 1e3,
    source: { uris: ["gs://lake/a.csv", "gs://lake/b.ndjson"] },
    format: {
      type: "csv",
      columns: ["a", "b", "c"],
      delimiter: ";",
    },
  })
  expect(result).toEqual({
    loaded: 10,
    rejected: 2,
    takenOver: false,
    rejectedRows: [
      {
        file: "gs://lake/a.csv",
        line: 7,
        offset: 120,
        reason: "CSV table references column position 2, but line contains only 1 columns.",
      },
      {
        file: "gs://lake/b.ndjson",
        line: undefined,
        offset: 52,
        reason: "JSON parsing error in row starting at position 52: Parser terminated before end of string",
      },
    ],
  })
  expect(inserts(stub)[0]?.body.configuration).toEqual({
    labels: { application: "cartwright", shop: "toy-shop", run: "20261121t080000", step: "load" },
    load: {
      destinationTable: {
        projectId: "shop-1",
        datasetId: "bronze",
        tableId: "raw",
      },
      createDisposition: "CREATE_IF_NEEDED",
      writeDisposition: "WRITE_APPEND",
      maxBadRecords: 1e3,
      sourceUris: ["gs://lake/a.csv", "gs://lake/b.ndjson"],
      sourceFormat: "CSV",
      encoding: "UTF-8",
      allowQuotedNewlines: true,
      fieldDelimiter: ";",
      skipLeadingRows: 1,
      schema: {
        fields: ["a", "b", "c"].map((name) => ({
          name,
          type: "STRING",
        })),
      },
    },
  })
  expect(inserts(stub)[0]?.body.jobReference?.location).toBe("EU")
})

test("a load with more bad rows than may be takes none, and names the first", async () => {
  const errors = [
    {
      reason: "invalid",
      message:
        "Error while reading data, error message: CSV table encountered too many errors, giving up. Rows: 2; errors: 1.",
    },
    {
      reason: "invalid",
      message:
        "Error while reading data, error message: Too many values in line.; line_number: 3 byte_offset_to_start_of_line: 12",
    },
  ]
  const { open } = await serve((request) =>
    request.path === "jobs" ? done(idOf(request)) : done("x", { status: { errorResult: errors[0], errors } }),
  )
  const loading = (await open()).load("load", "landing-1", {
    dataset: "bronze",
    table: "raw",
    into: "append",
    source: { uris: ["gs://lake/a.csv"] },
    format: {
      type: "csv",
      columns: ["a"],
    },
  })
  await expect(loading).rejects.toMatchObject({
    code: "load",
    message: "more than 0 rows cannot be loaded: the file, line 3: Too many values in line.",
    state: "No row of the load was taken.",
  })
})

test("bytes are sent with their job, from the start again after a broken connection", async () => {
  let uploads = 0
  const { open } = await serve((request) => {
    if (request.path === "jobs") return uploads++ === 0 ? undefined : done(idOf(request))
    return done("x", { statistics: { load: { outputRows: "1" } } })
  })
  const loading = (await open()).load("load", "landing-1", {
    dataset: "bronze",
    table: "raw",
    into: "replace",
    source: {
      name: "a.csv",
      open: () => Readable.from(["a\n", "1\n"]),
    },
    format: {
      type: "csv",
      columns: ["a"],
    },
  })
  expect((await loading).loaded).toBe(1)
  const sent = inserts(stub)
  expect(sent).toHaveLength(2)
  expect(sent[1]?.text).toContain("a\n1\n")
  expect(new Set(sent.map(idOf)).size).toBe(1)
  expect(sent[1]?.body.configuration?.labels).toMatchObject({ step: "load" })
})

test("bytes that cannot be read are an error of the reading, and nothing is loaded", async () => {
  const { open } = await serve(fine(() => undefined))
  const unreadable = new Readable({
    read: () => {
      unreadable.destroy(new Error("the disk is gone"))
    },
  })
  const loading = (await open()).load("load", "landing-1", {
    dataset: "bronze",
    table: "raw",
    into: "append",
    format: { type: "parquet" },
    source: {
      name: "a.parquet",
      open: () => unreadable,
    },
  })
  await expect(loading).rejects.toThrow("the disk is gone")
})

test("through a bucket, the file lies there for as long as its job takes, also where that fails; a removal that fails harms nothing", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "cartwright-load-")), "staged.parquet")
  writeFileSync(path, "rows")
  const objects = new Map<string, string>()
  let removable = true
  const area: StagingArea = {
    uri: "gs://shop/lake/staged",
    async writeIfAbsent(key, content) {
      let text = ""
      for await (const chunk of content) text += Buffer.from(chunk).toString()
      objects.set(key, text)
      return true
    },
    async remove(key) {
      if (!removable) throw new Error("storage.objects.delete is missing")
      objects.delete(key)
    },
  }
  const seen: unknown[] = []
  const { open } = await serve((request) => {
    if (request.method === "POST") seen.push(request.body.configuration?.load?.["sourceUris"], [...objects])
    return request.path === "jobs"
      ? done(idOf(request))
      : done("x", objects.size > 1 ? { status: { errorResult: { reason: "invalid", message: "no" } } } : {})
  })
  const warehouse = await open({ staging: async () => area })
  const bring = () =>
    warehouse.loadParquet("bronze", "cartwright_staged", { path, columns: [{ name: "a", type: "STRING" }] })
  await bring()
  const [uris, during] = seen as [string[], [string, string][]]
  const [[key, content] = []] = during
  expect(uris).toEqual([`${area.uri}/${key}`])
  expect(content).toBe("rows")
  expect(objects.size).toBe(0)
  removable = false
  await bring()
  expect(objects.size).toBe(1)
  removable = true
  await expect(bring()).rejects.toThrow("no")
  expect(objects.size).toBe(1)
})
