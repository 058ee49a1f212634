import { bind, type BuiltinHost } from "../builtin/builtin.ts"
import { NAMING } from "../builtin/naming.ts"
import type { NodeContext } from "../context/context.ts"
import type { Dialect } from "../dbt.ts"
import { projectError, unsupported } from "../errors.ts"
import { callable, MacroReturn, type Callable } from "../jinja/index.ts"
import type { Dict } from "../nodes.ts"
import type { Entry } from "../parse/property-files.ts"
import { DBT_VERSION, type Project } from "../project/project-file.ts"
import { pythonStr } from "../values.ts"
import { BUILTINS } from "./builtin-registry.ts"
import type { BuiltinMacro, MacroEntry, ProjectMacro } from "./entry.ts"
import { HONOURED, isInternalName } from "./internal-names.ts"
import { loadMacros } from "./load.ts"
import { MacroNamespace } from "./macro-namespace.ts"
import { manifestMacro } from "./manifest-macro.ts"
import { projectMacro } from "./project-macro.ts"

/** All macros, and which one a name means for a node: its package's, then the root project's, then dbt's. */
export class MacroLibrary {
  readonly dbtVersion = DBT_VERSION
  readonly #root: Project
  readonly #packages: ReadonlyMap<string, ReadonlyMap<string, ProjectMacro>>

  /** What the macros of a warehouse begin with, the most specific first. */
  readonly #prefixes: readonly string[]
  readonly #overridden = new Map<string, boolean>()

  constructor(root: Project, projects: Iterable<Project>, dialect: Dialect) {
    this.#root = root
    this.#prefixes = [`${dialect}__`, "default__"]
    this.#packages = new Map([...projects].map((project) => [project.name, loadMacros(project)]))
    this.#refuseInternalOverrides()
  }

  /** The value of a name: a macro, or a package's namespace of macros; undefined when there is none. */
  resolve(context: NodeContext, name: string): unknown {
    const own =
      this.#packages.get(context.packageName)?.get(name) ?? this.#packages.get(this.#root.name)?.get(name)
    if (own !== undefined) return this.#callable(context, own)
    if (name === "dbt" || name === "dbt_duckdb") return this.#builtinNamespace(context)
    const namespace = this.#packages.get(name)
    if (namespace !== undefined) return this.#namespace(context, name, namespace)
    const builtin = BUILTINS.get(name)
    if (builtin !== undefined) return this.#callable(context, builtin)
    if (isInternalName(name)) return refused(`the macro ${name}`)
    return undefined
  }

  /** `adapter.dispatch(name, namespace)`: the most specific implementation along the search order. */
  dispatch(context: NodeContext, name: string, namespace: string | undefined): Callable {
    const places = this.#searchOrder(namespace)
    const tried: string[] = []
    for (const place of places) {
      for (const prefix of this.#prefixes) {
        const entry = this.#find(context, place, `${prefix}${name}`)
        if (entry !== undefined) return this.#callable(context, entry)
        tried.push(`'${place === undefined ? "" : `${place}.`}${prefix}${name}'`)
      }
    }
    if (isInternalName(name) && (namespace === "dbt" || namespace === undefined))
      throw unsupported(`the macro ${name}`)
    throw projectError(
      `In dispatch: No macro named '${name}' found within namespace: '${namespace ?? "None"}'\n    Searched for: ${tried.join(", ")}`,
      { place: context.node?.original_file_path },
    )
  }

  #searchOrder(namespace: string | undefined): (string | undefined)[] {
    if (namespace === undefined) return [undefined]
    const configured = this.#root.dispatch.find((entry) => entry.namespace === namespace)?.order
    if (configured !== undefined && configured.length > 0) return configured
    return namespace === this.#root.name ? [namespace] : [this.#root.name, namespace]
  }

  #find(context: NodeContext, place: string | undefined, name: string): MacroEntry | undefined {
    if (place === undefined) {
      return (
        this.#packages.get(context.packageName)?.get(name) ??
        this.#packages.get(this.#root.name)?.get(name) ??
        BUILTINS.get(name)
      )
    }
    return place === "dbt" ? BUILTINS.get(name) : this.#packages.get(place)?.get(name)
  }

  /** Calls a naming macro: the root project's, else the package's, else dbt's. */
  async naming(context: NodeContext, name: string, args: unknown[]): Promise<unknown> {
    const own =
      this.#packages.get(this.#root.name)?.get(name) ?? this.#packages.get(context.packageName)?.get(name)
    if (own !== undefined) return this.#callable(context, own).invoke(args, {})
    const root = this.#packages.get(this.#root.name)
    const dispatched = this.#prefixes
      .map((prefix) => root?.get(`${prefix}${name}`))
      .find((entry) => entry !== undefined)
    if (dispatched !== undefined) return this.#callable(context, dispatched).invoke(args, {})
    const builtin = NAMING.find((candidate) => candidate.name === name)
    return builtin === undefined
      ? ""
      : builtin.run(bind(builtin, args, {}, this.#host(context, undefined)) as never)
  }

  /** Whether a macro of the project or a package stands before dbt's own of this name. */
  isOverridden(name: string): boolean {
    let known = this.#overridden.get(name)
    if (known === undefined) {
      const names = [name, ...this.#prefixes.map((prefix) => `${prefix}${name}`)]
      known = [...this.#packages.values()].some((macros) => names.some((candidate) => macros.has(candidate)))
      this.#overridden.set(name, known)
    }
    return known
  }

  /** A macro of a package, or of the root project or dbt where no package is named. */
  has(packageName: string | null, contextPackage: string, name: string): boolean {
    if (packageName !== null)
      return packageName === "dbt" ? BUILTINS.has(name) : this.#packages.get(packageName)?.has(name) === true
    return (
      this.#packages.get(contextPackage)?.has(name) === true ||
      this.#packages.get(this.#root.name)?.has(name) === true ||
      BUILTINS.has(name)
    )
  }

  /** The id of the macro that a name means. */
  idOf(packageName: string | null, contextPackage: string, name: string): string {
    // dbt looks for the name alone first, whatever package the test was written with.
    const places = [contextPackage, this.#root.name, ...(packageName === null ? [] : [packageName])]
    for (const place of places) {
      const macro = this.#packages.get(place)?.get(name)
      if (macro !== undefined) return macro.uniqueId
    }
    return `macro.dbt.${name}`
  }

  /** All names that a call could have meant. */
  names(): string[] {
    return [...this.#packages.values()].flatMap((macros) => [...macros.keys()])
  }

  #namespace(context: NodeContext, name: string, macros: ReadonlyMap<string, ProjectMacro>): MacroNamespace {
    return new MacroNamespace(
      name,
      (key) => {
        const entry = macros.get(key)
        return entry === undefined ? undefined : this.#callable(context, entry)
      },
      [...macros.keys()],
    )
  }

  #builtinNamespace(context: NodeContext): MacroNamespace {
    return new MacroNamespace(
      "dbt",
      (key) => {
        const entry = BUILTINS.get(key)
        if (entry !== undefined) return this.#callable(context, entry)
        return isInternalName(key) ? refused(`the macro ${key}`) : undefined
      },
      [...BUILTINS.keys()],
    )
  }

  #callable(context: NodeContext, entry: MacroEntry): Callable {
    return callable(async (args, kwargs) => {
      if (context.depth === 0) context.captured?.macros.add(entry.uniqueId)
      context.depth++
      try {
        return await (entry.kind === "project"
          ? projectMacro(context, entry, args, kwargs)
          : this.#builtin(context, entry, args, kwargs))
      } catch (error) {
        if (error instanceof MacroReturn) return error.value
        throw error
      } finally {
        context.depth--
      }
    }, entry.name)
  }

  async #builtin(context: NodeContext, entry: BuiltinMacro, args: unknown[], kwargs: Dict): Promise<unknown> {
    const { builtin } = entry
    if (entry.dispatches) {
      const override = this.dispatch(context, builtin.name, "dbt")
      return override.invoke(args, kwargs)
    }
    const { caller, ...named } = kwargs
    return builtin.run(bind(builtin, args, named, this.#host(context, caller)) as never)
  }

  #host(context: NodeContext, caller: unknown): BuiltinHost {
    return {
      macro: async (name: string, args: readonly unknown[]) => {
        const entry = BUILTINS.get(name)
        if (entry === undefined) throw new Error(`no macro ${name}`)
        return this.#callable(context, entry).invoke([...args], {})
      },
      context,
      target: context.invocation.target,
      config: (name: string) => context.node?.config[name],
      caller: async () => (caller === undefined ? "" : pythonStr(await (caller as Callable).invoke([], {}))),
    } as BuiltinHost
  }

  /** dbt would call these from its materializations; this runner does not, so a redefinition would be without effect. */
  #refuseInternalOverrides(): void {
    const dispatching = new Set([
      this.#root.name,
      ...(this.#root.dispatch.find((entry) => entry.namespace === "dbt")?.order ?? []),
    ])
    for (const [packageName, macros] of this.#packages) {
      for (const macro of macros.values()) {
        if (macro.definition.kind === "materialization" && packageName === this.#root.name) {
          throw unsupported(`the materialization ${macro.name}`, macro.absolute)
        }
        if (!dispatching.has(packageName)) continue
        const base = macro.name.replace(/^(default|duckdb)__/, "")
        if (
          (packageName === this.#root.name || base !== macro.name) &&
          isInternalName(base) &&
          !HONOURED.has(base)
        ) {
          throw unsupported(`overriding dbt's macro ${base}`, macro.absolute)
        }
      }
    }
  }

  /** Takes what a property file says about a macro. @returns false when there is no such macro */
  describe(packageName: string, entry: Entry): boolean {
    const { name, properties } = entry
    const macros = this.#packages.get(packageName)
    const macro = macros?.get(name) ?? macros?.get(`test_${name}`)
    if (macro !== undefined) macro.described = { ...properties, patch_path: `${packageName}://${entry.file}` }
    return macro !== undefined
  }

  /** What property files say about macros, by id. */
  descriptions(): Map<string, Dict> {
    const all = [...this.#packages.values()].flatMap((macros) => [...macros.values()])
    return new Map(
      all.flatMap(({ uniqueId, described }) => (described === undefined ? [] : [[uniqueId, described]])),
    )
  }

  /** Takes what {@link descriptions} gave. */
  describeAll(descriptions: ReadonlyMap<string, Dict>): void {
    for (const macros of this.#packages.values()) {
      for (const macro of macros.values()) {
        const described = descriptions.get(macro.uniqueId)
        if (described !== undefined) macro.described = described
      }
    }
  }

  /** Parses all macros, also those that nothing calls. @throws JinjaError for the first that is wrong */
  async checkSyntax(): Promise<void> {
    const { compileMacro } = await import("../context/render.ts")
    for (const macros of this.#packages.values()) {
      for (const { definition, absolute } of macros.values())
        compileMacro(definition.text, absolute, definition.line)
    }
  }

  /** Entries for the manifest. */
  forManifest(): Dict {
    const written: Dict = {}
    for (const macros of this.#packages.values()) {
      for (const macro of macros.values()) written[macro.uniqueId] = manifestMacro(macro)
    }
    return written
  }
}

function refused(feature: string): Callable {
  return callable(() => {
    throw unsupported(feature)
  }, feature)
}
