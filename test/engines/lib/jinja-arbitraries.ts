import fc from "fast-check"

/** Names that the context of the fixtures has, and one that it has not. */
const NAMES = ["x", "s", "u", "l", "d", "n", "t", "fl", "users", "nested", "html", "e", "el", "ed", "nope"]

const STRINGS = [
  "''",
  "'a'",
  '"b c"',
  "'it\\'s'",
  "'%s'",
  "'1'",
  "'2.5'",
  "'é😀'",
  "'A,b,C'",
  "' x '",
  "'a\\nb'",
  "'name'",
  "'{}'",
]

const NUMBERS = [
  "0",
  "1",
  "2",
  "3",
  "7",
  "10",
  "-1",
  "1.5",
  "2.0",
  "0.1",
  "-2.5",
  "1e3",
  "9007199254740993",
  "2.675",
]

const FILTERS = [
  [
    "abs",
    "capitalize",
    "count",
    "default",
    "dictsort",
    "e",
    "first",
    "float",
    "forceescape",
    "indent",
    "int",
    "join",
  ],
  [
    "last",
    "length",
    "list",
    "lower",
    "max",
    "min",
    "round",
    "safe",
    "sort",
    "string",
    "striptags",
    "sum",
    "title",
  ],
  [
    "tojson",
    "trim",
    "upper",
    "urlencode",
    "wordcount",
    "is_list",
    "as_text",
    "default('q', true)",
    "join('-')",
  ],
  [
    "batch(2) | list",
    "slice(2) | list",
    "unique | list",
    "reverse | list",
    "map('string') | list",
    "select | list",
  ],
  [
    "reject | list",
    "select('odd') | list",
    "map('upper') | list",
    "map(attribute='name') | list",
    "items | list",
  ],
  ["replace('a', 'b')", "round(1)", "round(1, 'floor')", "truncate(5)", "center(9)", "format(1)", "xmlattr"],
  ["sort(reverse=true)", "groupby('age')", "sum(attribute='age')", "filesizeformat", "wordwrap(4)", "int(5)"],
].flat()

const TESTS = [
  [
    "boolean",
    "callable",
    "defined",
    "even",
    "false",
    "float",
    "integer",
    "iterable",
    "lower",
    "mapping",
    "none",
  ],
  [
    "number",
    "odd",
    "sequence",
    "string",
    "true",
    "undefined",
    "upper",
    "escaped",
    "divisibleby(2)",
    "eq(1)",
    "in([1])",
  ],
].flat()

const METHODS = [
  ["upper()", "lower()", "strip()", "split()", "split(',')", "title()", "capitalize()", "replace('a', 'b')"],
  [
    "startswith('a')",
    "endswith('c')",
    "find('b')",
    "count('a')",
    "zfill(4)",
    "center(7, '*')",
    "join(['p', 'q'])",
  ],
  [
    "format(1, 2)",
    "partition(',')",
    "splitlines()",
    "isdigit()",
    "items() | list",
    "keys() | list",
    "get('a')",
  ],
  [
    "get('q', 3)",
    "values() | list",
    "index(1)",
    "copy()",
    "isupper()",
    "rsplit(' ', 1)",
    "ljust(3)",
    "swapcase()",
  ],
].flat()

const BINARY = [
  "+",
  "-",
  "*",
  "/",
  "//",
  "%",
  "~",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "not in",
  "and",
  "or",
]

/** Expressions that print the same on every run: no addresses of objects, no order of sets. */
export const expression: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => {
  const any = tie("any")
  const pick = (choices: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...choices)
  const leaf = fc.oneof(
    pick(NAMES),
    pick(STRINGS),
    pick(NUMBERS),
    pick(["true", "false", "none", "[]", "{}", "()"]),
  )
  const index = pick(["0", "-1", "1", "'a'", "'name'", "x", "none", "true"])
  // Jinja folds constant slices, with other errors: a variable keeps these out.
  const slice = pick(["1:", ":2", "::-1", "-2:", ":", "1:3:2", "x:", "::x", "'a':"])
  return {
    any: fc.oneof(
      { maxDepth: 4, depthSize: "small", withCrossShrink: true },
      leaf,
      fc.tuple(any, pick(BINARY), any).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc
        .tuple(any, pick(["+", "~", "*", "<", "=="]), any, pick(["-", "~", "//", ">", "and"]), any)
        .map((p) => p.join(" ")),
      fc.tuple(any, pick(["**"]), pick(["0", "1", "2", "3", "-1"])).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(pick(["-", "+", "not "]), any).map(([op, a]) => `(${op}${a})`),
      fc.tuple(any, pick(FILTERS)).map(([a, filter]) => `(${a} | ${filter})`),
      fc.tuple(any, pick(["is", "is not"]), pick(TESTS)).map(([a, is, test]) => `(${a} ${is} ${test})`),
      fc.tuple(any, any, any).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
      fc.tuple(any, any).map(([a, b]) => `(${a} if ${b})`),
      fc.tuple(any, pick(["a", "b", "nope", "real", "a.b"])).map(([a, name]) => `(${a}).${name}`),
      fc.tuple(any, index).map(([a, key]) => `(${a})[${key}]`),
      fc.tuple(any, pick(NAMES), slice).map(([a, name, key]) => `(${a} if t else ${name})[${key}]`),
      fc.tuple(any, pick(METHODS)).map(([a, method]) => `(${a}).${method}`),
      fc.array(any, { maxLength: 3 }).map((items) => `[${items.join(", ")}]`),
      fc.tuple(any, any).map(([a, b]) => `(${a}, ${b})`),
      fc
        .tuple(any, fc.oneof(pick(STRINGS), pick(NUMBERS), pick(NAMES)))
        .map(([a, key]) => `{'k': ${a}, ${key}: 1}`),
      fc
        .tuple(pick(["'%s|%s'", "'%5s%r'", "'%d %s'", "'%.2f %s'"]), any, any)
        .map(([f, a, b]) => `(${f} % (${a}, ${b}))`),
      fc
        .tuple(pick(["'{} {!r}'", "'{:>5} {}'", "'{0:.1f}{1}'"]), any, any)
        .map(([f, a, b]) => `${f}.format(${a}, ${b})`),
      fc.tuple(any, any).map(([a, b]) => `show(${a}, k=${b})`),
      pick(["nope", "nope.a", "nope['k']", "nope()", "d.nope", "nope.a(1).b", "users[0].name", "users[0].x"]),
    ),
  }
}).any

const VARIABLES = ["a", "b", "c", "x"]

/** Small programs about where names live: set, if, for, with, macro, call and filter blocks, nested at will. */
export const program: fc.Arbitrary<string> = fc.letrec<{ block: string; statement: string }>((tie) => {
  const name = fc.constantFrom(...VARIABLES)
  const block = tie("block")
  const value = fc.oneof(
    name,
    fc.constantFrom("1", "2", "'z'"),
    name.map((n) => `${n} ~ '+'`),
    name.map((n) => `(${n} | default('-')) ~ '.'`),
  )
  const test = fc.oneof(
    name.map((n) => `${n} is defined`),
    fc.constantFrom("true", "false", "x == 5"),
    name.map((n) => `${n} == 1`),
  )
  const call = fc.constantFrom("dbt_macro__m", "dbt_macro__w")
  return {
    block: fc.array(tie("statement"), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("")),
    statement: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      name.map((n) => `{{ ${n} }};`),
      fc.tuple(name, value).map(([n, v]) => `{% set ${n} = ${v} %}`),
      fc.tuple(name, name, value).map(([n, m, v]) => `{% set ${n}, ${m} = ${v}, 9 %}`),
      fc.tuple(test, block).map(([c, b]) => `{% if ${c} %}${b}{% endif %}`),
      fc.tuple(test, block, block).map(([c, a, b]) => `{% if ${c} %}${a}{% else %}${b}{% endif %}`),
      fc
        .tuple(test, block, test, block)
        .map(([c, a, d, b]) => `{% if ${c} %}${a}{% elif ${d} %}${b}{% endif %}`),
      fc.tuple(name, block).map(([n, b]) => `{% for ${n} in [1, 2] %}${b}{% endfor %}`),
      fc
        .tuple(name, block)
        .map(([n, b]) => `{% for ${n} in [1, 2] %}{{ loop.index }}${b}{% else %}${b}{% endfor %}`),
      fc
        .tuple(name, test, block)
        .map(([n, c, b]) => `{% for ${n} in [1, 2] if ${c} %}${b}{% else %}none{% endfor %}`),
      fc
        .tuple(name, test, block)
        .map(([n, c, b]) => `{% for ${n} in [1, 2] if ${c} %}{{ loop.last }}${b}{% endfor %}`),
      fc.tuple(name, value, block).map(([n, v, b]) => `{% with ${n} = ${v} %}${b}{% endwith %}`),
      fc.tuple(name, block).map(([n, b]) => `{% set ${n} %}${b}{% endset %}`),
      block.map((b) => `{% filter upper %}${b}{% endfilter %}`),
      fc
        .tuple(name, block)
        .map(([n, b]) => `{% macro m(${n}, q=${n}) %}(${b})[{{ q }}]{% endmacro %}{{ dbt_macro__m(3) }}`),
      fc.tuple(name, block).map(([n, b]) => `{% macro w(${n}) %}<{{ caller(7) }}${b}>{% endmacro %}`),
      fc.tuple(name, block).map(([n, b]) => `{% call(${n}) dbt_macro__w('w') %}${b}{% endcall %}`),
      fc.tuple(call, value).map(([f, v]) => `{{ ${f}(${v}) }}`),
      fc.constantFrom("{% break %}", "{% continue %}"),
    ),
  }
}).block
