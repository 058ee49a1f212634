import { expect, test } from "vitest"
import { type ProjectGraph, touchedBy, touchedSentence } from "./load-impact.ts"

const model = (name: string, raw_code: string, tags: string[] = []) => ({
  name,
  resource_type: "model",
  fqn: ["shop", ...(name.startsWith("agg_") ? ["marts"] : []), name],
  tags,
  raw_code,
})

/** Two sources' readers: one by a list of columns in a macro that another macro hands on, one by name, one by `*`. */
const graph: ProjectGraph = {
  sources: {
    "source.shop.thelook.users": { source_name: "thelook", name: "users" },
    "source.shop.files.visits": { source_name: "files", name: "visits" },
  },
  nodes: {
    log_users: model("log_users", "{{ silver_log(source('thelook', 'users'), columns_of('users')) }}"),
    customers: model("customers", "select age from {{ ref('log_users') }}"),
    agg_ages: model("agg_ages", "select 1 from {{ ref('customers') }}"),
    counts: model("counts", "select count(*) from {{ source('thelook', 'users') }}", ["quality"]),
    unique_age: { ...model("unique_age", ""), resource_type: "test" },
    stg_visits: model("stg_visits", `select "page" as page from {{ source('files', 'visits') }}`),
    listed: model("listed", "{{ silver_log(source('files', 'visits'), [{'name': 'page'}]) }} count(*)"),
    all_visits: model("all_visits", "select * from {{ source('files', 'visits') }}"),
  },
  macros: {
    "macro.shop.columns_of": { name: "columns_of", macro_sql: "{{ return(thelook_columns(data_set)) }}" },
    "macro.shop.thelook_columns": {
      name: "thelook_columns",
      macro_sql: `{% set columns = {
        'users': [{'name': 'user_id', 'from': 'id'}, {'name': 'age', 'null_texts': ['x']}, {'name': 'city'}],
        'orders': [{'name': 'status'}] } %}`,
    },
    "macro.shop.silver_log": { name: "silver_log", macro_sql: "select status, {{ columns }}" },
  },
  child_map: {
    "source.shop.thelook.users": ["log_users", "counts"],
    "source.shop.files.visits": ["stg_visits", "all_visits", "listed"],
    log_users: ["customers", "unique_age"],
    customers: ["agg_ages"],
  },
}

test("a column touches the models that name it and all that is built on them", () => {
  expect(touchedBy(graph, "thelook", "users", "AGE")).toEqual({
    readBy: ["log_users"],
    models: ["agg_ages", "customers", "log_users"],
    marts: ["agg_ages"],
  })
  expect(touchedBy(graph, "thelook", "users", "city").readBy).toEqual(["log_users"])
  // In the list of another data set, and in the text of a macro that has no list.
  expect(touchedBy(graph, "thelook", "users", "status").readBy).toEqual([])
  expect(touchedBy(graph, "thelook", "users", "ag").readBy).toEqual([])
})

test("a model that may read any column counts as naming it", () => {
  expect(touchedBy(graph, "files", "visits", "page").readBy).toEqual(["all_visits", "listed", "stg_visits"])
  expect(touchedBy(graph, "files", "visits", "referrer").readBy).toEqual(["all_visits"])
})

test("is told in a sentence", () => {
  const sentence = (column: string) => touchedSentence(touchedBy(graph, "thelook", "users", column))
  expect(sentence("age")).toBe("read by log_users; 2 models are built on it, the mart agg_ages among them")
  expect(sentence("tier")).toBe("no model reads it")
})
