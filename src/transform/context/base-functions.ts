import { callable, iterate, MacroReturn, PySet, toJson, PythonError, toHost, Tuple } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"
import { asDict, loadYaml } from "../yaml/yaml.ts"
import type { NodeContext } from "./context.ts"
import { DateTime, UTC } from "./datetime.ts"
import { fromJson } from "./json.ts"
import { md5 } from "./hashing.ts"
import { argument, textArgument } from "./objects.ts"
import { VarObject } from "./var-object.ts"

type Factory = (context: NodeContext) => unknown
type Run = (args: unknown[], kwargs: Record<string, unknown>, context: NodeContext) => unknown

const fn =
  (name: string, run: Run): Factory =>
  (context) =>
    callable((args, kwargs) => run(args, kwargs, context), name)

/** The functions and values that dbt gives to every template, YAML included. Made when a template asks for them. */
export const BASE: Readonly<Record<string, Factory>> = {
  var: (context) => new VarObject(context),
  env_var: fn("env_var", envVar),
  return: fn("return", ([value]) => {
    throw new MacroReturn(value ?? null)
  }),
  fromjson: fn("fromjson", (args, kwargs) =>
    attempt(() => fromJson(textArgument(args, kwargs, 0, "string")), argument(args, kwargs, 1, "default")),
  ),
  tojson: fn("tojson", (args, kwargs) =>
    attempt(
      () => toJson(args[0], { sortKeys: kwargs["sort_keys"] === true }),
      argument(args, kwargs, 1, "default"),
    ),
  ),
  fromyaml: fn("fromyaml", (args, kwargs) =>
    attemptSoon(
      () => loadYaml(textArgument(args, kwargs, 0, "value"), "fromyaml"),
      argument(args, kwargs, 1, "default"),
    ),
  ),
  toyaml: fn("toyaml", (args, kwargs) =>
    attemptSoon(
      async () => (await import("../yaml/full-yaml.ts")).printYaml(toHost(args[0])),
      argument(args, kwargs, 1, "default"),
    ),
  ),
  set: fn("set", (args, kwargs) =>
    attempt(() => new PySet(iterate(args[0])), argument(args, kwargs, 1, "default")),
  ),
  set_strict: fn("set_strict", ([value]) => new PySet(iterate(value))),
  zip: fn("zip", (args, kwargs) => attempt(() => zip(args), kwargs["default"])),
  zip_strict: fn("zip_strict", (args) => zip(args)),
  log: fn("log", (args, kwargs, context) => {
    const text = pythonStr(args[0])
    if (argument(args, kwargs, 1, "info") === true && context.captured === undefined)
      context.invocation.tell("info", text)
    return ""
  }),
  print: fn("print", ([value], _, context) => {
    if (context.captured === undefined) context.invocation.tell("info", pythonStr(value))
    return ""
  }),
  local_md5: fn("local_md5", (args, kwargs) => md5(textArgument(args, kwargs, 0, "value"))),
  diff_of_two_dicts: fn("diff_of_two_dicts", ([a, b]) =>
    diffOfDicts(asDict(toHost(a)) ?? {}, asDict(toHost(b)) ?? {}),
  ),
  run_started_at: ({ invocation }) => {
    invocation.asked.clock = true
    return DateTime.at(BigInt(invocation.startedAt.getTime()) * 1000n, UTC)
  },
  invocation_id: ({ invocation }) => invocation.id,
  thread_id: () => "MainThread",
  dbt_version: ({ invocation }) => invocation.macros.dbtVersion,
  target: ({ invocation }) => targetFields(invocation.target),
  project_name: ({ invocation }) => invocation.root.name,
}

function envVar(args: unknown[], kwargs: Record<string, unknown>, context: NodeContext): unknown {
  const name = textArgument(args, kwargs, 0, "var")
  const fallback = argument(args, kwargs, 1, "default")
  if (name.startsWith("DBT_ENV_SECRET") && !context.invocation.secrets) {
    throw new PythonError(
      "RuntimeError",
      `secret env vars are allowed only in profiles.yml or packages.yml. Found '${name}' referenced elsewhere`,
    )
  }
  context.invocation.asked.environment.add(name)
  const value = context.invocation.environment[name]
  if (value !== undefined) return value
  if (fallback !== undefined && fallback !== null) return pythonStr(fallback)
  throw new PythonError("RuntimeError", `Env var required but not provided: '${name}'`)
}

/** What conversion functions give when they cannot: their default, else None. */
function attempt(convert: () => unknown, fallback: unknown): unknown {
  try {
    return convert()
  } catch {
    return fallback ?? null
  }
}

async function attemptSoon(convert: () => Promise<unknown>, fallback: unknown): Promise<unknown> {
  try {
    return await convert()
  } catch {
    return fallback ?? null
  }
}

function zip(args: readonly unknown[]): unknown {
  const lists = args.map((value) => [...iterate(value)])
  const length = lists.length === 0 ? 0 : Math.min(...lists.map((list) => list.length))
  return Array.from({ length }, (_, i) => Tuple.from(lists.map((list) => list[i])))
}

/** Keys of `a` whose lists hold values that those of `b`, compared without case, do not. */
function diffOfDicts(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const lower = new Map(
    Object.entries(b).map(([key, value]) => [
      key.toLowerCase(),
      asTexts(value).map((item) => item.toLowerCase()),
    ]),
  )
  const diff: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(a)) {
    const others = lower.get(key.toLowerCase())
    const kept = asTexts(value).filter((item) => others === undefined || !others.includes(item.toLowerCase()))
    if (kept.length > 0) diff[key] = kept
  }
  return diff
}

function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function targetFields(target: NodeContext["invocation"]["target"]): Record<string, unknown> {
  const { fields } = target
  return {
    database: target.database,
    schema: target.schema,
    path: target.path,
    config_options: fields["config_options"] ?? null,
    extensions: fields["extensions"] ?? null,
    settings: fields["settings"] ?? {},
    external_root: fields["external_root"] ?? ".",
    use_credential_provider: null,
    attach: null,
    filesystems: null,
    remote: null,
    plugins: null,
    disable_transactions: false,
    type: target.dialect,
    threads: target.threads,
    name: target.name,
    target_name: target.name,
    profile_name: target.profileName,
  }
}
