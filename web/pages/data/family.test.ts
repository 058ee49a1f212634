import { expect, test } from "vitest"
import { familyOf, type Table } from "./family.ts"

const table = (name: string, ...parents: string[]): Table => ({
  name,
  parents,
  layer: name === "source" ? "bronze" : "",
  description: "",
  grain: undefined,
  file: undefined,
  rows: undefined,
})
const TABLES = [
  table("source"),
  table("other"),
  table("log", "source"),
  table("staging", "log", "source"),
  table("fact", "staging"),
  table("mart", "fact", "other"),
  table("elsewhere", "other"),
]

test("a table's family is all that it is made of and used for, parents to the left", () => {
  const { places, edges, columns, rows } = familyOf(TABLES, "staging")
  expect(places.map(({ table: { name }, column, row }) => [name, column, row])).toEqual([
    ["source", 0, 0],
    ["log", 1, 0],
    ["staging", 2, 0],
    ["fact", 3, 0],
    ["mart", 4, 0],
  ])
  expect(edges).toHaveLength(5)
  expect({ columns, rows }).toEqual({ columns: 5, rows: 1 })
})

test("what is made of nothing delivered stands beside the first table that uses it", () => {
  const columnOf = new Map(
    familyOf(TABLES, "mart").places.map(({ table: { name }, column }) => [name, column]),
  )
  expect(columnOf.get("other")).toBe((columnOf.get("mart") ?? 0) - 1)
  expect(columnOf.get("source")).toBe(0)
})

test("what only a relative is used for is none of the family", () => {
  expect(familyOf(TABLES, "mart").places.map(({ table: { name } }) => name)).not.toContain("elsewhere")
  expect(familyOf(TABLES, "nothing").places).toEqual([])
})
