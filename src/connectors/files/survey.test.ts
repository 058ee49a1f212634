import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { surveyFolder } from "./survey.ts"

function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-survey-"))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

async function survey(content: string | Uint8Array) {
  const [file] = await surveyFolder(folderOf({ "a.csv": content }))
  return file
}

test("the files below a folder, by name, each with what its beginning tells", async () => {
  const folder = folderOf({
    "sub/b.csv.gz": gzipSync('id;name\n1;"a;b"\n2;\n'),
    "a.json": '[{"id":1,"tags":["x"]},{"id":2,"more":null}]',
    "c.ndjson": '{"id":"1"}\n{"id":"2","v":{"w":3}}\n',
    ".hidden": "x",
    _SUCCESS: "",
  })
  expect(await surveyFolder(folder)).toEqual([
    {
      path: join(folder, "a.json"),
      name: "a.json",
      size: 44,
      format: "json",
      compression: "none",
      encoding: "utf-8",
      delimiter: ",",
      quote: '"',
      header: true,
      columns: ["id", "tags", "more"],
      sampleRows: [
        ["1", '["x"]', null],
        ["2", null, null],
      ],
    },
    expect.objectContaining({
      name: "c.ndjson",
      format: "ndjson",
      columns: ["id", "v"],
      sampleRows: [
        ["1", null],
        ["2", '{"w":3}'],
      ],
    }),
    expect.objectContaining({
      name: "sub/b.csv.gz",
      format: "csv",
      compression: "gzip",
      delimiter: ";",
      columns: ["id", "name"],
      sampleRows: [
        ["1", "a;b"],
        ["2", null],
      ],
    }),
  ])
})

test("only the beginning of a large file is read, and its last, cut-off record does not show", async () => {
  const file = await survey(`id,v\n${"1,some text\n".repeat(100_000)}2`)
  expect(file).toMatchObject({ columns: ["id", "v"], size: 1_200_006 })
  expect(file?.sampleRows.length).toBe(20)
  expect(file?.problem).toBeUndefined()
})

test.each([
  ["empty", "", /the file is empty/],
  ["a header only", "id,v\n", /only a header/],
  ["truncated gzip", gzipSync("id,v\n1,2\n").subarray(0, -9), /truncated/],
  ["truncated in a record", "id,v\n1,2\n3", /truncated/],
  ["binary", Uint8Array.from({ length: 300 }, (_, i) => i % 7), /binary/],
  ["prose", "# Notes on how these data were made\n\nThey came by mail.\n", /no table/],
])("what is wrong with a file is told: %s", async (_, content, problem) => {
  expect((await survey(content))?.problem).toMatch(problem)
})

test("a table of one column is one", async () => {
  expect(await survey("email\na@b.c\nd@e.f\n")).toMatchObject({
    columns: ["email"],
    sampleRows: [["a@b.c"], ["d@e.f"]],
  })
  expect((await survey("email address\na@b.c\n"))?.problem).toBeUndefined()
})

test("a folder that is not there is an input error with its path", async () => {
  await expect(surveyFolder("/no/such/folder")).rejects.toMatchObject({
    code: "input",
    place: "/no/such/folder",
  })
})
