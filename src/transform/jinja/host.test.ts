import { describe, expect, test } from "vitest"
import { callable, Dict, float, fromHost, HostObject, PyFloat, PySet, toHost, Tuple } from "./index.ts"
import { failure, render } from "./render.fixture.ts"

describe("the host's objects", () => {
  class Relation extends HostObject {
    override readonly typeName = "Relation"
    readonly secret = "hidden"

    override attribute(name: string): unknown {
      if (name === "include")
        return callable((_, kwargs) => `${this.toString()}${String(kwargs["database"])}`)
      return name === "schema" ? "gold" : undefined
    }

    override item(key: unknown): unknown {
      return key === 0 ? "zero" : undefined
    }

    override equals(other: unknown): boolean {
      return other instanceof Relation
    }

    override operate(operator: string, other: unknown, reflected: boolean): unknown {
      return operator === "+" ? `${String(other)}${reflected}` : undefined
    }

    toString(): string {
      return '"gold"."orders"'
    }
  }
  const context = { r: new Relation(), q: new Relation() }

  test("do what they say they can", async () => {
    const source =
      "{{ r }} {{ [r] }} {{ r.schema }} {{ r['schema'] }} {{ r[0] }} {{ r.include(database=false) }}"
    expect(await render(source, context)).toBe(
      '"gold"."orders" ["gold"."orders"] gold gold zero "gold"."orders"false',
    )
    expect(await render("{{ r == q }} {{ r + 1 }} {{ 1 + r }} {{ r ~ 'x' }}", context)).toBe(
      'True 1false 1true "gold"."orders"x',
    )
  })

  test("and nothing else", async () => {
    expect(await render("[{{ r.secret }}{{ r.toString }}{{ r.constructor }}{{ r.typeName }}]", context)).toBe(
      "[]",
    )
    expect((await failure("{{ r() }}", context)).message).toBe("'Relation' object is not callable")
    expect((await failure("{{ r - 1 }}", context)).message).toMatch(/unsupported operand/)
    expect((await failure("{% for i in r %}{% endfor %}", context)).message).toBe(
      "'Relation' object is not iterable",
    )
  })

  test("plain objects and Maps are dicts that are read and written", async () => {
    const config: Record<string, unknown> = { a: 1 }
    const map = new Map([["k", 1]])
    const source =
      "{% do config.update(b=2) %}{% do map.update({'z': 3}) %}{{ config }}{{ map }}{{ config.a }}{{ map.k }}"
    expect(await render(source, { config, map })).toBe("{'a': 1, 'b': 2}{'k': 1, 'z': 3}11")
    expect([config["b"], map.get("z")]).toEqual([2, 3])
  })
})

describe("values cross the border", () => {
  test("to the host as plain JS", async () => {
    const seen: unknown[] = []
    const take = callable((args) => {
      seen.push(...args.map(toHost))
    })
    await render(
      "{% do take(2.0, 1.5, (1, [2]), {'a': {'b': none}}, {1: 2}, 'x' | e, {'k': 1}.items(), range(2)) %}",
      { take },
    )
    expect(seen).toEqual([2, 1.5, [1, [2]], { a: { b: null } }, new Map([[1, 2]]), "x", [["k", 1]], [0, 1]])
  })

  test("from the host as Python's", async () => {
    const value = fromHost({ list: [1, 2.5, null, undefined], set: new Set([1]), map: new Map([[true, 1]]) })
    expect(value).toBeInstanceOf(Dict)
    expect(await render("{{ v }}", { v: value })).toBe(
      "{'list': [1, 2.5, None, None], 'set': {1}, 'map': {True: 1}}",
    )
    expect(await render("{{ v }} {{ w }} {{ v is float }}", { v: float(2), w: 2 })).toBe("2.0 2 True")
    expect([float(2), float(2.5)]).toEqual([new PyFloat(2), 2.5])
  })

  test("with Python's idea of equal keys", () => {
    const dict = new Dict()
    for (const [i, key] of [1, true, Tuple.of<unknown>(1, "x"), "1"].entries()) dict.set(key, i)
    expect([...dict.keys()]).toEqual([1, Tuple.of<unknown>(1, "x"), "1"])
    expect([dict.get(float(1)), dict.get(Tuple.of<unknown>(1, "x")), dict.has(Tuple.of(1))]).toEqual([
      1,
      2,
      false,
    ])
    dict.delete(Tuple.of<unknown>(1, "x"))
    expect(dict.size).toBe(2)
    expect([...new PySet([1, true, float(1), 2])]).toEqual([1, 2])
  })
})
