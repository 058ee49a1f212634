import { describe, expect, test } from "vitest"
import { CartwrightError } from "../../core/errors.ts"
import { callable, Environment, JinjaError, MacroReturn, PythonError, Undefined } from "./index.ts"
import { environment, failure, render } from "./render.fixture.ts"

describe("errors", () => {
  test("carry file, line, column and a caret", async () => {
    const error = await failure("select 1\n  from {{ nope.x }}")
    expect(error).toMatchObject({ code: "transform", file: "models/a.sql", line: 2, column: 16 })
    expect(error.message).toBe("'nope' is undefined")
    expect(error.place).toBe("models/a.sql:2:16\n      from {{ nope.x }}\n                   ^")
  })

  test("point at the operation that failed, not at the last one evaluated before it", async () => {
    const error = await failure("{{ f(\n  g(1),\n  2\n) }}", { f: 5, g: callable(() => 1) })
    expect([error.message, error.line, error.column]).toEqual(["'int' object is not callable", 1, 5])
  })

  test("point at a call that is waited for", async () => {
    const rejects = callable(async () => {
      await Promise.resolve()
      throw new PythonError("ValueError", "late")
    })
    const error = await failure("a\n{{ f(g(1)) }}", { f: rejects, g: callable(() => 1) })
    expect([error.message, error.line, error.column]).toEqual(["late", 2, 5])
  })

  test("of syntax name the place, with the lines of the file that the source is a part of", () => {
    const compile = (): unknown => environment.compile("a\n{% if %}", "s.sql", { line: 10 })
    expect(compile).toThrow(expect.objectContaining({ line: 11, column: 7, file: "s.sql" }))
  })

  test("keep the macros on the way, innermost first", async () => {
    const context: Record<string, unknown> = {}
    const file = "{% macro a() %}\n{{ b() }}{% endmacro %}\n{% macro b() %}\n\n{{ 1 / 0 }}{% endmacro %}"
    for (const block of environment.compile(file, "m.sql").blocks) context[block.name] = block.bind(context)
    const error = await failure("\n\n{{ a() }}", context)
    expect([`${error.file}:${error.line}`, ...error.trace]).toEqual(["m.sql:5", "m.sql:2", "models/a.sql:3"])
  })

  test("of the host with code transform get the place; other codes and bugs pass through", async () => {
    const raise = (error: Error) => ({
      f: callable(() => {
        throw error
      }),
    })
    const compilation = new CartwrightError("transform", "no such relation")
    expect(await failure("\n{{ f() }}", raise(compilation))).toMatchObject({
      message: "no such relation",
      line: 2,
      cause: compilation,
    })
    const unsupported = new CartwrightError("unsupported", "use --engine dbt")
    await expect(render("{{ f() }}", raise(unsupported))).rejects.toBe(unsupported)
    const bug = new TypeError("x is not a function")
    await expect(render("{{ f() }}", raise(bug))).rejects.toBe(bug)
  })

  test("endless recursion is an error, also where each turn waits", async () => {
    const recursive = "{% macro m() %}{{ wait() }}{{ dbt_macro__m() }}{% endmacro %}{{ dbt_macro__m() }}"
    const wait = callable(async () => {
      await Promise.resolve()
      return ""
    })
    expect((await failure(recursive, { wait })).message).toBe("maximum recursion depth exceeded")
    const loop = "{% for i in [1] recursive %}{{ wait() }}{{ loop([1]) }}{% endfor %}"
    expect((await failure(loop, { wait })).message).toBe("maximum recursion depth exceeded")
  })
})

describe("blocks", () => {
  const file = [
    "-- top",
    "{% macro cents(column, scale=2) -%}",
    "  {{ column }}",
    "{%- endmacro %}",
    "{% test positive(model, column_name) %}x{% endtest %}",
    "{% materialization view, adapter='duckdb' %}v{% endmaterialization %}",
    "{% snapshot s %}",
    "select 1",
    "{% endsnapshot %}",
    "{% docs orders %} An *order*. {% enddocs %}",
  ].join("\n")
  const { blocks } = environment.compile(file, "m.sql")

  test("are listed with kind, name, line and text", () => {
    expect(blocks.map(({ kind, name, label, adapter, line }) => [kind, name, label, adapter, line])).toEqual([
      ["macro", "cents", "cents", undefined, 2],
      ["test", "test_positive", "positive", undefined, 5],
      ["materialization", "materialization_view_duckdb", "view", "duckdb", 6],
      ["snapshot", "s", "s", undefined, 7],
      ["docs", "orders", "orders", undefined, 10],
    ])
    expect(blocks[0]?.source).toBe("{% macro cents(column, scale=2) -%}\n  {{ column }}\n{%- endmacro %}")
    expect([blocks[3]?.contents, blocks[3]?.contentsLine]).toEqual(["\nselect 1\n", 7])
    expect(blocks[4]?.contents).toBe(" An *order*. ")
  })

  test("state their arguments", () => {
    expect(blocks[0]?.args).toEqual([
      { name: "column", hasDefault: false },
      { name: "scale", hasDefault: true },
    ])
    expect(blocks[2]?.args).toEqual([{ name: "supported_languages", hasDefault: true }])
  })

  test.each([
    ["{% if true %}{% macro a() %}{% endmacro %}{% endif %}"],
    ["{% macro a() %}{% macro b() %}{% endmacro %}{% endmacro %}"],
    ["{% macro a() %}{% for i in [1] %}{% macro b() %}{% endmacro %}{% endfor %}{% endmacro %}"],
  ])("cannot stand inside others: %s", (source) => {
    expect(() => environment.compile(source, "m.sql").blocks).toThrow(JinjaError)
  })

  test("render alone when bound, and ask the context for names only when called", async () => {
    const asked: string[] = []
    const resolve = (name: string): unknown => {
      asked.push(name)
      return name === "known" ? 1 : undefined
    }
    const [m] = environment.compile(
      "{% set top = 5 %}{% macro m(a) %}{{ a }}{{ known }}{{ top }}{% endmacro %}",
      "m",
    ).blocks
    const macro = m?.bind({ resolve })
    expect(asked).toEqual([])
    expect(await macro?.invoke([7], {})).toBe("71")
    expect(asked.toSorted()).toEqual(["known", "top"])
  })

  test("end with return(), which may be async and of any type", async () => {
    const giveBack = callable(([value]) => {
      throw new MacroReturn(value)
    })
    const wait = callable(async () => Promise.resolve(2))
    const source = "{% macro m(n) %}{% if n %}{{ return([n, wait()]) }}{% endif %}text{% endmacro %}"
    const macro = (await environment.compile(source, "m").macros({ return: giveBack, wait })).get("m")
    expect(await macro?.invoke([1], {})).toEqual([1, 2])
    expect(await macro?.invoke([], { n: 0 })).toBe("text")
  })
})

describe("rendering", () => {
  test("waits for host functions, in order", async () => {
    const order: number[] = []
    const wait = callable(async ([n]) => {
      await new Promise((resolve) => setTimeout(resolve, 5 - Number(n)))
      order.push(Number(n))
      return n
    })
    expect(await render("{{ wait(1) }}{% for i in [2, 3] %}{{ wait(i) }}{% endfor %}", { wait })).toBe("123")
    expect(order).toEqual([1, 2, 3])
  })

  test("of one template at the same time shares nothing", async () => {
    const template = environment.compile(
      "{% set ns = namespace(n=0) %}{% for i in range(3) %}{% set ns.n = ns.n + wait(step) %}{% endfor %}{{ ns.n }}",
      "a",
    )
    const wait = callable(async ([n]) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return n
    })
    const results = await Promise.all([1, 10, 100].map((step) => template.render({ step, wait })))
    expect(results).toEqual(["3", "30", "300"])
  })

  test("reads CRLF as LF and drops one newline at the end", async () => {
    expect(await render("a\r\n{{ 'b\r\nc' }}\rd\r\n\r\n")).toBe("a\nb\nc\nd\n")
    expect((await failure("a\r\nb\r\n{{ 1 / 0 }}")).line).toBe(3)
  })

  test("asks a lookup for each name and falls back to globals", async () => {
    const own = new Environment({ globals: { project: "shop", x: 1 } })
    const resolve = (name: string): unknown => (name === "x" ? 2 : undefined)
    expect(
      await own.compile("{{ project }}{{ x }}{{ nope }}{{ range(2) | list }}", "a").render({ resolve }),
    ).toBe("shop2[0, 1]")
  })

  test("uses filters and tests of the host, also async ones", async () => {
    const own = new Environment({
      filters: {
        twice: async ([value]) => Promise.resolve(Number(value) * 2),
        plain: ([value, by]) => `${String(value)}${String(by)}`,
      },
      tests: { answer: ([value]) => value === 42 },
    })
    const source = "{{ 21 | twice }}{{ 42 is answer }}{{ [1] | map('plain', 'x') | list }}"
    expect(await own.compile(source, "a").render({})).toBe("42True['1x']")
    await expect(own.compile("{{ [1] | map('twice') | list }}", "a").render({})).rejects.toThrow(/inside map/)
  })

  test("gives YAML values their type, unless they are constant", async () => {
    const native = (source: string): Promise<unknown> =>
      environment.compile(source, "y").renderNative({ x: [1] })
    expect(await native("{{ x }}")).toEqual([1])
    expect(await native("{{ 1 + 1 }}")).toBe("2")
    expect(await native("{{ nope }}")).toBeInstanceOf(Undefined)
  })
})
