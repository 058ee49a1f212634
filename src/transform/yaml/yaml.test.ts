import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { PyFloat } from "../jinja/index.ts"
import { readSimpleYaml } from "./block-reader.ts"
import { NotSimple } from "./flow-reader.ts"
import { plainScalar } from "./scalars.ts"
import { loadYaml } from "./yaml.ts"

const sameFloat = (value: number): unknown => value

describe("plain scalars are those of YAML 1.1, as PyYAML has them", () => {
  test.each([
    ["yes", true],
    ["Off", false],
    ["y", "y"],
    ["~", null],
    ["", null],
    ["012", 10],
    ["08", "08"],
    ["1_000", 1000],
    ["0x1F", 31],
    ["1:30", 90],
    ["1.5", 1.5],
    ["1e3", "1e3"],
    ["1.0e+3", 1000],
    ["-.inf", Number.NEGATIVE_INFINITY],
    ["2020-01-01", "2020-01-01"],
    ["9007199254740993", 9007199254740993n],
  ])("%s", (text, value) => {
    expect(plainScalar(text, sameFloat)).toEqual(value)
  })

  test("a float with an integral value stays a float", async () => {
    expect(await loadYaml("a: 1.0\nb: 1", "x.yml")).toEqual({ a: new PyFloat(1), b: 1 })
  })
})

test("the block reader reads what dbt's files are written in", () => {
  const text = `# comment
version: 2
models:
  - name: a   # trailing
    description: >
      folded
      text

      and more
    columns:
    - name: id
      data_tests: [unique, {not_null: {config: {severity: warn}}}]
    - name: "quo\\"ted"
      description: 'it''s'
  -
    name: b
    sql: |
      select 1
        from x
    long: plain text that
      goes on here
empty:
`
  expect(readSimpleYaml(text, sameFloat)).toEqual({
    version: 2,
    models: [
      {
        name: "a",
        description: "folded text\nand more\n",
        columns: [
          { name: "id", data_tests: ["unique", { not_null: { config: { severity: "warn" } } }] },
          { name: 'quo"ted', description: "it's" },
        ],
      },
      { name: "b", sql: "select 1\n  from x\n", long: "plain text that goes on here" },
    ],
    empty: null,
  })
})

test.each([
  "a: &x 1\nb: *x",
  "a: !tag 1",
  "---\na: 1\n---\nb: 2",
  "a:\n\tb: 1",
  "a: 1\na: 2",
  "1: x",
  "- a\nb: 1",
])("leaves to the full parser: %j", (text) => {
  expect(() => readSimpleYaml(text, sameFloat)).toThrow(NotSimple)
})

test("the full parser takes over: anchors and merges", async () => {
  expect(await loadYaml("base: &b {x: 1}\nmore:\n  <<: *b\n  y: on", "x.yml")).toEqual({
    base: { x: 1 },
    more: { x: 1, y: true },
  })
})

test("an error names file, line and column", async () => {
  await expect(loadYaml("a: [1, 2\nb: 3", "dbt_project.yml")).rejects.toThrow(
    expect.objectContaining({ code: "config", place: expect.stringMatching(/^dbt_project.yml:\d+:\d+$/) }),
  )
})

test("reads back whatever the yaml package writes, or leaves it to the full parser", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "yes",
      "1.5",
      "null",
      "a: b",
      "# no comment",
      "- x",
      "{{ ref('x') }}",
      "multi\nline\n",
      " padded ",
    ),
  )
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie("list"),
      tie("dict"),
    ),
    list: fc.array(tie("value"), { maxLength: 4 }),
    dict: fc.dictionary(
      text.filter((key) => key !== "__proto__"),
      tie("value"),
      { maxKeys: 4 },
    ),
  })).dict
  let simple = 0
  fc.assert(
    fc.property(value, fc.constantFrom(60, 0), (dict, lineWidth) => {
      const written = stringify(dict, { version: "1.1", lineWidth })
      let read: unknown
      try {
        read = readSimpleYaml(written, sameFloat)
      } catch (error) {
        expect(error).toBeInstanceOf(NotSimple)
        return
      }
      simple++
      expect(read).toEqual(Object.keys(dict as object).length === 0 ? {} : { ...(dict as object) })
    }),
    { numRuns: 600 },
  )
  expect(simple).toBeGreaterThan(100)
})
