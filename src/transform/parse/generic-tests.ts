import type { Captured, Invocation } from "../context/context.ts"
import { newCaptured, newContext } from "../context/new-context.ts"
import { renderText } from "../context/render.ts"
import { testArguments } from "../context/test-arguments.ts"
import { didYouMean, projectError } from "../errors.ts"
import type { DbtNode, SourceNode } from "../nodes.ts"
import type { Project } from "../project/project-file.ts"
import { asStringList } from "../yaml/yaml.ts"
import { baseNode } from "./base-node.ts"
import { columnTests, testsOf } from "./columns.ts"
import { mergeCalls } from "./config.ts"
import { finishNode } from "./finish-node.ts"
import type { Entry } from "./property-files.ts"
import type { SourceTable } from "./sources.ts"
import { readTest, testCode, testHash, type TestTarget } from "./test-definition.ts"

/** Tests of which the arguments alone tell what they refer to: they are not rendered when they are parsed. */
const PLAIN = new Set(["unique", "not_null"])
const BUILT_IN = new Set(["unique", "not_null", "accepted_values", "relationships"])

interface Testing {
  invocation: Invocation
  project: Project
  entry: Entry
  target: TestTarget
  /** The model's node, for its tags and group; sources have their own tags. */
  attached: DbtNode | undefined
  source: SourceNode | undefined
  inheritedTags: string[]
  now: number
  render: (text: string) => Promise<unknown>
}

/** The tests that a property file asks for a model, seed or snapshot. */
export async function modelTests(
  invocation: Invocation,
  entry: Entry,
  attached: DbtNode | undefined,
  now: number,
  render: (text: string) => Promise<unknown>,
): Promise<DbtNode[]> {
  const target: TestTarget = {
    kind: "node",
    name: entry.name,
    relation: `ref('${entry.name}')`,
    place: entry.place,
  }
  const testing: Testing = {
    invocation,
    project: entry.project,
    entry,
    target,
    attached,
    source: undefined,
    inheritedTags: [],
    now,
    render,
  }
  return allTests(testing, entry.properties["columns"], testsOf(entry.properties), false)
}

/** The tests of a source's table. */
export async function sourceTests(
  invocation: Invocation,
  entry: Entry,
  table: SourceTable,
  now: number,
  render: (text: string) => Promise<unknown>,
): Promise<DbtNode[]> {
  const { node } = table
  const target: TestTarget = {
    kind: "source",
    name: `${node.source_name}_${node.name}`,
    relation: `source('${node.source_name}', '${node.name}')`,
    place: entry.place,
  }
  const testing: Testing = {
    invocation,
    project: entry.project,
    entry,
    target,
    attached: undefined,
    source: node,
    inheritedTags: table.tags,
    now,
    render,
  }
  return allTests(testing, table.properties["columns"], testsOf(table.properties), table.quoteColumns)
}

async function allTests(
  testing: Testing,
  columns: unknown,
  own: readonly unknown[],
  quote: boolean,
): Promise<DbtNode[]> {
  const nodes: DbtNode[] = []
  for (const { columnName, tags, tests } of columnTests(columns, quote)) {
    for (const test of tests) nodes.push(await oneTest(testing, test, columnName, tags))
  }
  for (const test of own) nodes.push(await oneTest(testing, test, undefined, []))
  return nodes
}

async function oneTest(
  testing: Testing,
  written: unknown,
  columnName: string | undefined,
  columnTags: string[],
): Promise<DbtNode> {
  const { invocation, project, entry, target, attached } = testing
  const test = await readTest(written, target, columnName, testing.render)
  const macros = invocation.macros
  if (!macros.has(test.namespace, project.name, `test_${test.name}`)) {
    const choices = macros
      .names()
      .filter((name) => name.startsWith("test_"))
      .map((name) => name.slice(5))
    throw projectError(
      `there is no generic test '${test.namespace === null ? "" : `${test.namespace}.`}${test.name}'${didYouMean(test.name, [...choices, "unique", "not_null", "accepted_values", "relationships"])}`,
      { place: entry.place(), choices: choices.length <= 20 ? choices : undefined },
    )
  }
  const fileName = entry.file.split("/").slice(1).join("/")
  const folders = fileName.split("/").slice(0, -1)
  const node = baseNode({
    project,
    resourceType: "test",
    name: test.fullName,
    file: { path: `${test.shortName}.sql`, originalPath: entry.file },
    rawCode: testCode(test),
    content: undefined,
    fqn: [project.name, ...folders, test.fullName],
    uniqueId: `test.${project.name}.${test.fullName}.${testHash(test)}`,
    createdAt: testing.now,
  })
  node.column_name = columnName ?? null
  node.file_key_name = `${entry.section}.${entry.name}`
  node.test_metadata = { name: test.name, kwargs: test.kwargs, namespace: test.namespace }
  node.attached_node = attached?.unique_id ?? null
  const captured = newCaptured()
  await parseTest(testing, node, test.config, captured)
  await finishNode(invocation, node, undefined, captured)
  const tags = [...testing.inheritedTags, ...columnTags, ...asStringList(node.config["tags"])]
  node.tags = [...new Set(tags)].sort()
  node.description = test.description
  if (attached !== undefined) node.group = attached.group
  return node
}

async function parseTest(
  testing: Testing,
  node: DbtNode,
  config: Record<string, unknown>,
  captured: Captured,
): Promise<void> {
  const { invocation, source, target } = testing
  const { name, namespace } = node.test_metadata ?? { name: "", namespace: null }
  if (namespace === null && PLAIN.has(name) && !invocation.macros.isOverridden(`test_${name}`)) {
    captured.config = config
    captured.macros.add(`macro.dbt.test_${name}`)
    if (source === undefined) captured.refs.push({ name: target.name, package: null, version: null })
    else captured.sources.push([source.source_name, source.name])
    return
  }
  captured.macros.add(macroId(testing, namespace, name))
  captured.config = config
  const context = newContext(invocation, { node, captured })
  const kwargs = await testArguments(context)
  if (namespace === null && BUILT_IN.has(name) && !invocation.macros.isOverridden(`test_${name}`)) {
    // Its SQL refers to nothing but its arguments; only the call of config() in its code would still be seen.
    captured.config = mergeCalls(config, config)
    return
  }
  context.extra["_dbt_generic_test_kwargs"] = kwargs
  await renderText(context, node.raw_code, testing.entry.file)
}

function macroId(testing: Testing, namespace: string | null, name: string): string {
  const { macros } = testing.invocation
  return macros.idOf(namespace, testing.project.name, `test_${name}`)
}
