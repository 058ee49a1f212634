import { CartwrightError } from "../../core/errors.ts"
import { Environment, JinjaError, type Template } from "../jinja/index.ts"
import { BASE } from "./base-functions.ts"
import type { NodeContext } from "./context.ts"
import { modules } from "./modules.ts"
import { Namespace } from "./objects.ts"
import { PROVIDED } from "./provider-functions.ts"
import { REFERENCES } from "./reference-functions.ts"

const environment = new Environment()
const FACTORIES: Readonly<Record<string, (context: NodeContext) => unknown>> = {
  ...BASE,
  ...REFERENCES,
  ...PROVIDED,
  modules,
}

/** An error that came out of one of dbt's functions keeps its choices and its next step; Jinja adds the place. */
function withRemedy(error: unknown): unknown {
  if (!(error instanceof JinjaError) || !(error.cause instanceof CartwrightError)) return error
  const { choices, next } = error.cause
  return new CartwrightError("transform", error.message, { place: error.place, choices, next, cause: error })
}

/** A pure cache: the same text always compiles to the same template. */
const templates = new Map<string, Template>()

/** Renders SQL or other text. @param file for errors */
export async function renderText(context: NodeContext, source: string, file: string): Promise<string> {
  try {
    return await compiled(source, file).render(lookupOf(context), { lenient: context.captured !== undefined })
  } catch (error) {
    throw withRemedy(error)
  }
}

/** Renders text that sees no names but Jinja's own. */
export async function renderPlain(source: string, file: string): Promise<string> {
  return compiled(source, file).render({})
}

/** Renders a YAML value: what is nothing but one expression keeps the type of its value. */
export async function renderNative(context: NodeContext, source: string, file: string): Promise<unknown> {
  try {
    return await compiled(source, file).renderNative(lookupOf(context), {
      lenient: context.captured !== undefined,
    })
  } catch (error) {
    throw withRemedy(error)
  }
}

/** Models are rendered twice, tests of one kind many times: each text is compiled once. */
function compiled(source: string, file: string, line = 1): Template {
  const key = `${file}:${line}\n${source}`
  let template = templates.get(key)
  if (template === undefined) {
    template = environment.compile(source, file, { line })
    templates.set(key, template)
  }
  return template
}

/** What a name means; undefined when it means nothing. */
interface Lookup {
  resolve(name: string): unknown
}

const lookups = new WeakMap<NodeContext, Lookup>()

/** What names mean in a context: what the caller added, macros, then dbt's own functions. */
export function lookupOf(context: NodeContext): Lookup {
  let lookup = lookups.get(context)
  if (lookup === undefined) {
    lookup = makeLookup(context)
    lookups.set(context, lookup)
  }
  return lookup
}

function makeLookup(context: NodeContext): Lookup {
  const known = new Map<string, unknown>()
  const find = (name: string): unknown => {
    if (Object.hasOwn(context.extra, name)) return context.extra[name]
    const macro = context.invocation.macros.resolve(context, name)
    if (macro !== undefined) return macro
    if (name === "builtins") return builtins(context)
    return Object.hasOwn(FACTORIES, name) ? FACTORIES[name]?.(context) : undefined
  }
  return {
    resolve: (name: string): unknown => {
      if (known.has(name)) return known.get(name)
      const value = find(name)
      // Later a macro may add names to `extra`: what is not there now may be there then.
      if (value !== undefined && !Object.hasOwn(context.extra, name)) known.set(name, value)
      return value
    },
  }
}

/** `builtins`: dbt's functions under the names that macros may have taken. */
function builtins(context: NodeContext): Namespace {
  const names = [
    "ref",
    "source",
    "config",
    "var",
    "env_var",
    "return",
    "log",
    "adapter",
    "target",
    "this",
    "model",
    "graph",
  ]
  return new Namespace(
    "builtins",
    Object.fromEntries(names.map((name) => [name, FACTORIES[name]?.(context)])),
  )
}

/** Compiles one macro by its own text: its file is not parsed as a whole. */
export function compileMacro(text: string, file: string, line: number): Template {
  return compiled(text, file, line)
}
