import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import ts from "typescript"

/** A module of Terraform as JSON: each kind of block by type and name, a list of bodies. */
export interface TerraformModule {
  resource?: Record<string, Record<string, Body[]>>
  variable?: Record<string, Body[]>
  output?: Record<string, Body[]>
  locals?: Body[]
}
export type Body = Record<string, unknown>

/** Reads a folder's .tf files by HashiCorp's own parser. @throws where one is not HCL */
export async function readModule(packages: string, folder: string): Promise<TerraformModule> {
  const { parse } = createRequire(import.meta.url)(join(packages, "@cdktf", "hcl2json")) as {
    parse: (name: string, text: string) => Promise<Record<string, Record<string, unknown>>>
  }
  const module: Record<string, Record<string, unknown> | unknown[]> = {}
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".tf"))) {
    const parsed = await parse(file, readFileSync(join(folder, file), "utf8"))
    for (const [kind, blocks] of Object.entries(parsed)) module[kind] = merged(module[kind], blocks)
  }
  return module
}

function merged(a: unknown, b: unknown): Record<string, unknown> | unknown[] {
  if (Array.isArray(b)) return [...((a as unknown[]) ?? []), ...b]
  const both = { ...(a as object) } as Record<string, unknown>
  for (const [key, value] of Object.entries(b as object))
    both[key] = Array.isArray(value) || !(key in both) ? value : merged(both[key], value)
  return both
}

/** What a resource of Google's provider takes and gives; names as in HCL. */
interface ResourceSchema {
  arguments: Schema
  attributes: ReadonlySet<string>
}
interface Schema {
  [argument: string]: { required: boolean; block: Schema | undefined }
}

const META_ARGUMENTS = ["for_each", "count", "depends_on", "lifecycle", "provider", "provisioner"]

/** Everything in the module that Google's provider would not take, and every reference that leads nowhere. */
export function problemsOf(packages: string, module: TerraformModule): string[] {
  const problems: string[] = []
  const schemas = new Map<string, ResourceSchema | undefined>()
  for (const [type, resources] of Object.entries(module.resource ?? {})) {
    const schema = schemaOf(packages, type)
    schemas.set(type, schema)
    for (const [name, bodies] of Object.entries(resources)) {
      const place = `${type}.${name}`
      if (schema === undefined) problems.push(`${place}: there is no such resource`)
      else problems.push(...bodies.flatMap((body) => wrongIn(place, body, schema.arguments)))
    }
  }
  const locals = Object.assign({}, ...(module.locals ?? [])) as Body
  const used = new Set<string>()
  for (const [, kind, name, rest = ""] of referencesIn(module)) {
    used.add(`${kind}.${name}`)
    const declared =
      kind === "var"
        ? module.variable?.[name ?? ""] !== undefined
        : kind === "local"
          ? name !== undefined && name in locals
          : module.resource?.[kind ?? ""]?.[name ?? ""] !== undefined
    if (!declared) problems.push(`${kind}.${name} is not declared`)
    const attribute = /^(?:\[[^\]]*\])?\.(\w+)/.exec(rest)?.[1]
    const schema = schemas.get(kind ?? "")
    if (attribute !== undefined && schema !== undefined && !schema.attributes.has(attribute))
      problems.push(`${kind}.${name} has no attribute ${attribute}`)
  }
  for (const name of Object.keys(module.variable ?? {}))
    if (!used.has(`var.${name}`)) problems.push(`var.${name} is not used`)
  return problems
}

function wrongIn(place: string, body: Body, schema: Schema): string[] {
  const { dynamic = {}, ...plain } = body as Body & { dynamic?: Record<string, { content: Body[] }[]> }
  const inner = Object.entries(dynamic).map(([name, blocks]): [string, unknown] => [
    name,
    blocks.flatMap(({ content }) => content),
  ])
  const given = [...Object.entries(plain), ...inner].filter(([name]) => !META_ARGUMENTS.includes(name))
  const problems = Object.entries(schema)
    .filter(([name, { required }]) => required && !given.some(([each]) => each === name))
    .map(([name]) => `${place}: ${name} is missing`)
  for (const [name, value] of given) {
    const argument = schema[name]
    if (argument === undefined) problems.push(`${place}: there is no ${name}`)
    else if (argument.block !== undefined && Array.isArray(value))
      for (const block of value as Body[])
        problems.push(...wrongIn(`${place}.${name}`, block, argument.block))
  }
  return problems
}

/** `var.x`, `local.x` and `google_type.name`, with what follows them, of all expressions. */
function referencesIn(module: TerraformModule): RegExpMatchArray[] {
  const expressions: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value === "string")
      expressions.push(
        ...[...value.matchAll(/\$\{((?:[^{}]|\{[^{}]*\})*)\}/g)].map((match) => match[1] ?? ""),
      )
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit)
  }
  visit(module)
  return expressions.flatMap((expression) => [
    ...expression.matchAll(/\b(var|local|google_\w+)\.(\w+)((?:\[[^\]]*\])?(?:\.\w+)*)/g),
  ])
}

/** Google's provider as CDK for Terraform declares it: its types come from the provider's own schema. */
function schemaOf(packages: string, type: string): ResourceSchema | undefined {
  const folder = type.replace(/^google_/, "").replaceAll("_", "-")
  const path = join(packages, "@cdktf", "provider-google", "lib", folder, "index.d.ts")
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch {
    return undefined
  }
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)
  const interfaces = new Map<string, ts.InterfaceDeclaration>()
  const attributes = new Set<string>()
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) interfaces.set(statement.name.text, statement)
    else if (
      ts.isClassDeclaration(statement) &&
      /TerraformResource/.test(statement.heritageClauses?.[0]?.getText(source) ?? "")
    )
      for (const member of statement.members)
        if (ts.isGetAccessor(member)) attributes.add(snakeCase(member.name.getText(source)))
  }
  const schema = (declaration: ts.InterfaceDeclaration): Schema =>
    Object.fromEntries(
      declaration.members.filter(ts.isPropertySignature).map((member) => {
        const named = /^(\w+)/.exec(member.type?.getText(source) ?? "")?.[1] ?? ""
        const inner = interfaces.get(named)
        return [
          snakeCase(member.name.getText(source)),
          { required: member.questionToken === undefined, block: inner && schema(inner) },
        ]
      }),
    )
  const config = [...interfaces].find(
    ([name]) => name.endsWith("Config") && interfaces.get(name)?.heritageClauses,
  )
  return config && { arguments: schema(config[1]), attributes }
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
