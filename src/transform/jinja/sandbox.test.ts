import { describe, expect, test } from "vitest"
import { callable, Dict, Environment, float, HostObject, Markup, PySet, Tuple, Undefined } from "./index.ts"
import { getAttribute, getItem } from "./values/attributes.ts"
import { DictView, Namespace, OneShot, Range } from "./values/types.ts"

class Opaque extends HostObject {
  readonly secret = 1

  toString(): string {
    return "opaque"
  }
}

class Foreign {
  readonly secret = 1

  method(): number {
    return 1
  }
}

/** One value of every kind that a template can hold. */
const VALUES: Record<string, unknown> = {
  string: "abc",
  int: 5,
  bigint: 5n,
  fraction: 1.5,
  float: float(2),
  boolean: true,
  none: null,
  list: [1],
  tuple: Tuple.of(1),
  dict: Dict.fromEntries([["k", 1]]),
  map: new Map([["k", 1]]),
  object: { k: 1 },
  bare: Object.assign(Object.create(null) as object, { k: 1 }),
  set: new PySet([1]),
  jsSet: new Set([1]),
  range: new Range(0, 3, 1),
  view: new DictView(new Dict(), "items"),
  generator: new OneShot([1]),
  markup: new Markup("a"),
  namespace: new Namespace(new Dict()),
  callable: callable(() => 1),
  hostObject: new Opaque(),
  foreign: new Foreign(),
  function: () => 1,
  date: new Date(0),
  promise: Promise.resolve(1),
  symbol: Symbol("s"),
}

/** Everything that JS objects have by themselves. */
const JS_NAMES = new Set(
  [
    Object,
    Function,
    String,
    Number,
    Boolean,
    Array,
    Map,
    Set,
    Date,
    Promise,
    Symbol,
    Foreign,
    Opaque,
    HostObject,
  ]
    .flatMap((type) => [...Object.getOwnPropertyNames(type.prototype), ...Object.getOwnPropertyNames(type)])
    .concat(
      "__proto__",
      "constructor",
      "secret",
      "invoke",
      "attributes",
      "items",
      "dict",
      "text",
      "value",
      "kind",
    ),
)

/** Names that Python's own types have too; what they give is made by this engine. */
const PYTHON_NAMES = new Set(
  "copy count find format index join keys values items get pop clear update add sort reverse split replace at strip".split(
    " ",
  ),
)

describe.each(Object.entries(VALUES))("a template reaches nothing of JS in a %s", (_, value) => {
  test.each(["attribute", "item"])("by %s", (access) => {
    const reached: string[] = []
    for (const name of JS_NAMES) {
      const found = access === "attribute" ? getAttribute(value, name) : getItem(value, name)
      if (!(found instanceof Undefined) && !PYTHON_NAMES.has(name)) reached.push(name)
    }
    expect(reached).toEqual([])
  })
})

const environment = new Environment()
const render = (source: string, context: Record<string, unknown> = {}): Promise<string> =>
  environment.compile(source, "a.sql").render(context)

describe("the sandbox", () => {
  test.each([
    "{{ ''.constructor.constructor('return process')() }}",
    "{{ [].constructor('x') }}",
    "{{ {}.__proto__.polluted }}",
    "{{ f.constructor('return 1')() }}",
    "{{ f.invoke([], {}) }}",
    "{{ g() }}",
    "{{ range.constructor() }}",
    "{{ ''['constructor']['constructor']('return 1')() }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ '{0.__class__.__init__}'.format('a').upper() + [] }}",
    "{{ (('constructor' | safe) | attr('constructor'))() }}",
    "{{ [f] | map(attribute='constructor.constructor') | map('string') | list + 1 }}",
    "{{ dict.constructor() }}",
    "{{ loop.constructor() }}",
    "{{ cycler('a').constructor() }}",
  ])("refuses %s", async (source) => {
    await expect(render(source, { f: callable(() => 1), g: () => 1 })).rejects.toThrow()
  })

  test("names of globals and of prototypes are no names of a template", async () => {
    const names = [
      "process",
      "globalThis",
      "require",
      "constructor",
      "toString",
      "__proto__",
      "cx",
      "p",
      "runtime",
      "Function",
    ]
    expect(await render(names.map((name) => `[{{ ${name} }}]`).join(""))).toBe("[]".repeat(names.length))
  })

  test("__proto__ is a key like others, and changes no object", async () => {
    const object = {}
    const source = `{% do object.update({'__proto__': {'polluted': 1}}) %}{% do show(**{'__proto__': 2}) %}
      {%- set ns = namespace(**{'__proto__': 3}) %}{{ object['__proto__'] }}{{ show(__proto__=4) }}{{ {'__proto__': 5} }}`
    const show = callable((_, kwargs) => Object.entries(kwargs).join())
    expect(await render(source, { object, show })).toBe("{'polluted': 1}__proto__,4{'__proto__': 5}")
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined()
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
  })

  test("what a template writes in strings and names is never code", async () => {
    const nasty = "`${1}`\\u2028\";throw 1;//*/\u2028\n'"
    expect(
      await render(`{{ ${JSON.stringify('a";throw 1;//')} }}{{ d[s] }}{# */ #}`, {
        s: nasty,
        d: { [nasty]: 1 },
      }),
    ).toBe('a";throw 1;//1')
    expect(await render("`${1}` */ \u2028 </script>")).toBe("`${1}` */ \u2028 </script>")
    expect(
      await render(
        "{% set await = 1 %}{% set class = 2 %}{{ await }}{{ class }}{% set v0_x = 3 %}{{ v0_x }}",
      ),
    ).toBe("123")
  })

  test("resources have limits", async () => {
    await expect(render("{{ range(1000000) }}")).rejects.toThrow(/Range too big/)
    await expect(render("{{ 'a' * 10 ** 12 }}")).rejects.toThrow(/too long/)
    await expect(render("{{ 10 ** (10 ** 10) }}")).rejects.toThrow(/too large/)
    await expect(render("{{ [1] * 10 ** 12 }}")).rejects.toThrow(/too long/)
  })
})
