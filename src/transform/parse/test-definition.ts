import { md5 } from "../context/hashing.ts"
import { projectError } from "../errors.ts"
import type { Dict } from "../nodes.ts"
import { pythonRepr, pythonStr } from "../values.ts"
import { asDict } from "../yaml/yaml.ts"

/** What a generic test in a property file asks for. */
export interface TestDefinition {
  /** Of the test macro, without `test_`. */
  name: string
  /** The package that the macro was written with: `dbt_utils.equal_rowcount`. */
  namespace: string | null
  /** Keyword arguments of the macro, `model` included, as written. */
  kwargs: Dict
  config: Dict
  description: string
  /** Name in the id and the fqn. */
  fullName: string
  /** Name of the compiled file; the same unless the full name is long. */
  shortName: string
}

/** What is tested. */
export interface TestTarget {
  kind: "source" | "node"
  /** `model`, or `source_table` of a source. */
  name: string
  /** Jinja that gives the tested relation. */
  relation: string
  place: () => string
}

const CONFIG_KEYS = [
  "severity",
  "tags",
  "enabled",
  "where",
  "limit",
  "warn_if",
  "error_if",
  "fail_calc",
  "store_failures",
  "store_failures_as",
  "meta",
  "database",
  "schema",
  "alias",
]
/** Keys of a test that are no arguments of its macro. */
const RESERVED = new Set([...CONFIG_KEYS, "config", "arguments", "name", "description"])
const NAME = /^(?:([a-zA-Z_]\w*)\.)?([a-zA-Z_]\w*)/
const LONGEST_NAME = 63

/**
 * Reads one entry of `data_tests:`.
 * @param renderConfig Jinja for the values of configs
 */
export async function readTest(
  entry: unknown,
  target: TestTarget,
  columnName: string | undefined,
  renderConfig: (text: string) => Promise<unknown>,
): Promise<TestDefinition> {
  const { testName, written: stated } = splitEntry(entry, target)
  // What stands under `arguments:` counts as if it stood at the top, names of configs included.
  const written = stated["arguments"] === undefined ? stated : { ...stated, ...asDict(stated["arguments"]) }
  const match = NAME.exec(testName)
  if (match === null) throw projectError(`'${testName}' is no name of a test`, { place: target.place() })
  const namespace = match[1] ?? null
  const name = match[2] ?? ""
  const kwargs: Dict = {}
  for (const [key, value] of Object.entries(written)) if (!RESERVED.has(key)) kwargs[key] = value
  if (columnName !== undefined) kwargs["column_name"] = columnName
  if ("model" in kwargs) {
    throw projectError("a test must not have an argument named model", { place: target.place() })
  }
  kwargs["model"] = `{{ get_where_subquery(${target.relation}) }}`
  const config = await readConfig(written, target, renderConfig)
  const description = typeof written["description"] === "string" ? written["description"] : ""
  const given = written["name"]
  if (typeof given === "string") {
    return { name, namespace, kwargs, config, description, fullName: given, shortName: given }
  }
  const kind = target.kind === "source" ? `source_${name}` : name
  const names = testNames(namespace === null ? kind : `${namespace}_${kind}`, target.name, kwargs)
  if (names.shortName !== names.fullName && !("alias" in config)) config["alias"] = names.shortName
  return { name, namespace, kwargs, config, description, ...names }
}

/** A test is its name, or a mapping of its name to arguments, or a mapping with `test_name`. */
function splitEntry(entry: unknown, target: TestTarget): { testName: string; written: Dict } {
  if (typeof entry === "string") return { testName: entry, written: {} }
  const dict = asDict(entry)
  if (dict === undefined) {
    throw projectError("a data test must be a name or a mapping", { place: target.place() })
  }
  if (typeof dict["test_name"] === "string") {
    const { test_name: _, ...written } = dict
    const testName = dict["test_name"]
    return { testName, written }
  }
  const [first, ...others] = Object.entries(dict)
  if (first === undefined || others.length > 0) {
    throw projectError("a data test must have one name; its arguments belong below it, indented", {
      place: target.place(),
      choices: Object.keys(dict),
    })
  }
  const written = first[1] === null ? {} : asDict(first[1])
  if (written === undefined) {
    throw projectError(`the arguments of the test '${first[0]}' must be a mapping`, { place: target.place() })
  }
  return { testName: first[0], written }
}

/** The configs of a test: those that may stand at the top, in their fixed order, then the others under `config:`. */
async function readConfig(
  written: Dict,
  target: TestTarget,
  render: (text: string) => Promise<unknown>,
): Promise<Dict> {
  const nested = asDict(written["config"])
  const result: Dict = {}
  const add = async (key: string, value: unknown): Promise<void> => {
    const rendered = typeof value === "string" && /\{[{%#]/.test(value) ? await render(value) : value
    if (rendered !== undefined && rendered !== null) result[key] = rendered
  }
  for (const key of CONFIG_KEYS) {
    const top = written[key]
    const below = nested?.[key]
    if (top === undefined && below === undefined) continue
    if (top !== undefined && top !== null && below !== undefined) {
      throw projectError(`the test has '${key}' twice: at the top and under config:`, {
        place: target.place(),
      })
    }
    await add(key, top ?? below)
  }
  if (nested !== undefined) {
    for (const [key, value] of Object.entries(nested)) if (!CONFIG_KEYS.includes(key)) await add(key, value)
  }
  return result
}

/** The names that dbt makes from a test's kind, target and arguments; a long one is cut and hashed for its file. */
export function testNames(
  kind: string,
  targetName: string,
  args: Dict,
): { shortName: string; fullName: string } {
  const parts: string[] = []
  for (const key of Object.keys(args).sort()) {
    if (key === "model") continue
    const value = args[key]
    const dict = asDict(value)
    const values = Array.isArray(value) ? value : dict === undefined ? [value] : Object.values(dict)
    parts.push(...values.map((item) => pythonStr(item).replace(/[^0-9a-zA-Z_]+/g, "_")))
  }
  const identifier = `${kind}_${targetName}`
  const fullName = `${identifier}_${parts.join("__")}`
  if (fullName.length <= LONGEST_NAME) return { shortName: fullName, fullName }
  return { shortName: `${identifier.slice(0, 30)}_${md5(fullName)}`, fullName }
}

/** The end of a test's unique id: tests may share a name and differ in their arguments. */
export function testHash(test: TestDefinition): string {
  const { namespace, name, kwargs } = test
  return md5(`${test.fullName}${reprOfTexts({ kwargs, name, namespace })}`).slice(-10)
}

/** Python's repr of a tree with its keys sorted and its leaves as text. */
function reprOfTexts(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(reprOfTexts).join(", ")}]`
  const dict = asDict(value)
  if (dict === undefined) return reprOfText(pythonStr(value))
  const keys = Object.keys(dict).sort()
  return `{${keys.map((key) => `${reprOfText(key)}: ${reprOfTexts(dict[key])}`).join(", ")}}`
}

function reprOfText(text: string): string {
  // Most texts need no escapes: then the slow way round is not taken.
  return /^[ !#-&(-[\]-~]*$/.test(text) ? `'${text}'` : pythonRepr(text)
}

/** The call that a generic test's SQL consists of. */
export function testCode(test: TestDefinition): string {
  const macro = test.namespace === null ? `test_${test.name}` : `${test.namespace}.test_${test.name}`
  const configs = Object.entries(test.config).map(([key, value]) =>
    typeof value === "string" ? `${key}="${value.replaceAll('"', '\\"')}"` : `${key}=${pythonStr(value)}`,
  )
  const config = configs.length > 0 ? `{{ config(${configs.join(",")}) }}` : ""
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${config}`
}
