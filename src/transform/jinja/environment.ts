import type { Builtin } from "./builtins/filter.ts"
import { GLOBALS } from "./builtins/globals.ts"
import { MAPPING_FILTERS } from "./builtins/mapping-filters.ts"
import { NUMBER_FILTERS } from "./builtins/number-filters.ts"
import { SEQUENCE_FILTERS } from "./builtins/sequence-filters.ts"
import { TESTS } from "./builtins/tests.ts"
import { TEXT_FILTERS } from "./builtins/text-filters.ts"
import { constantFolder } from "./compile/constants.ts"
import type { KnownNames } from "./compile/emit-expressions.ts"
import { Emitter } from "./compile/emitter.ts"
import { bound } from "./compile/macro.ts"
import { nativeResult } from "./compile/native.ts"
import { type Context, type Library, RenderContext } from "./compile/render-context.ts"
import { instantiate } from "./compile/runtime.ts"
import { MacroReturn } from "./errors.ts"
import type { BlockKind, Macro as MacroNode, Statement } from "./syntax/ast.ts"
import { parseTemplate } from "./syntax/parser.ts"
import { blockName } from "./syntax/signatures.ts"
import { Source } from "./syntax/source.ts"
import { str } from "./values/text.ts"
import { type Callable, type HostFunction, type MarkerKind, NativeMarker } from "./values/types.ts"

export interface EnvironmentOptions {
  /** Added to Jinja's own; they get the value as first argument and may be async. */
  filters?: Record<string, HostFunction>
  tests?: Record<string, HostFunction>
  /** Names that every template sees unless its context has them. */
  globals?: Record<string, unknown>
}

export interface RenderOptions {
  /** dbt's parse time: undefined values may be called and looked into, and stay undefined. */
  lenient?: boolean
}

export interface CompileOptions {
  /** 1-based line of the file at which the source starts, where it is a part of a file. @defaultValue 1 */
  line?: number
}

/** One parameter of a macro. */
export interface BlockArgument {
  readonly name: string
  readonly hasDefault: boolean
}

/** A top-level macro of a file, or another of dbt's blocks. */
export interface BlockDefinition {
  readonly kind: BlockKind
  /** dbt's name in the manifest: `test_…` for tests, `materialization_<name>_<adapter>` for materializations. */
  readonly name: string
  /** The name as written in the tag. */
  readonly label: string
  /** Materializations: the adapter, `default` if none is stated. */
  readonly adapter: string | undefined
  readonly args: readonly BlockArgument[]
  /** 1-based line of its `{%`. */
  readonly line: number
  /** The whole block, tags included. */
  readonly source: string
  /** What is between its tags, and the line where that starts: for snapshots and docs. */
  readonly contents: string
  readonly contentsLine: number
  /**
   * The block as a callable. Every call renders it alone: it sees its arguments and the context, nothing of its file.
   * `return()` ends it. The context is asked for names when the block is called.
   */
  bind(context: Context): Callable
}

export interface Template {
  readonly name: string
  /** The top-level blocks in order. @throws JinjaError for blocks inside control flow or inside each other */
  readonly blocks: readonly BlockDefinition[]
  render(context: Context, options?: RenderOptions): Promise<string>
  /**
   * For YAML values: a template that is nothing but one expression gives its value, unless the expression is constant;
   * everything else is text.
   */
  renderNative(context: Context, options?: RenderOptions): Promise<unknown>
  /** The callable blocks (all but snapshots and docs) by their names in the manifest. */
  macros(context: Context): Promise<Map<string, Callable>>
}

/** Filters, tests and globals, and the templates that are compiled with them. */
export class Environment {
  readonly #text: Library
  readonly #native: Library
  readonly #hostFilters: ReadonlySet<string>
  readonly #hostTests: ReadonlySet<string>

  constructor(options: EnvironmentOptions = {}) {
    const hosted = Object.entries(options.filters ?? {})
    const tests = new Map(TESTS)
    for (const [name, test] of Object.entries(options.tests ?? {})) tests.set(name, hostBuiltin(test))
    const globals = new Map([...GLOBALS, ...Object.entries(options.globals ?? {})])
    const filters = (markers: readonly [string, Builtin][]): ReadonlyMap<string, Builtin> =>
      new Map([
        ...BUILTIN_FILTERS,
        ...markers,
        ...hosted.map(([name, fn]) => [name, hostBuiltin(fn)] as const),
      ])
    this.#text = { filters: filters(TEXT_MARKERS), tests, globals }
    this.#native = { filters: filters(NATIVE_MARKERS), tests, globals }
    this.#hostFilters = new Set(Object.keys(options.filters ?? {}))
    this.#hostTests = new Set(Object.keys(options.tests ?? {}))
  }

  /**
   * Parses a template; what it compiles to is made when it is first used.
   * @param name the file, as error messages name it
   * @throws JinjaError where the syntax is wrong
   */
  compile(source: string, name: string, options: CompileOptions = {}): Template {
    const text = new Source(source, name, (options.line ?? 1) - 1)
    return new CompiledTemplate(text, this.#text, this.#native, (library) => this.#known(library, text))
  }

  #known(library: Library, source: Source): KnownNames {
    const kind = (names: ReadonlyMap<string, Builtin>, hosted: ReadonlySet<string>) => (name: string) =>
      hosted.has(name) ? "host" : names.has(name) ? "builtin" : undefined
    return {
      filter: kind(library.filters, this.#hostFilters),
      test: kind(library.tests, this.#hostTests),
      fail: (message, at) => source.error(message, at),
      lineOf: (at) => source.lineOf(at),
    }
  }
}

const BUILTIN_FILTERS = [...TEXT_FILTERS, ...SEQUENCE_FILTERS, ...MAPPING_FILTERS, ...NUMBER_FILTERS]

const hostBuiltin =
  (fn: HostFunction): Builtin =>
  (_, value, args, kwargs) =>
    fn([value, ...args], kwargs)

const MARKERS: readonly MarkerKind[] = ["text", "native", "bool", "number"]
const TEXT_MARKERS = MARKERS.map((kind): [string, Builtin] => [`as_${kind}`, (_, value) => value])
const NATIVE_MARKERS = MARKERS.map((kind): [string, Builtin] => [
  `as_${kind}`,
  (_, value) => new NativeMarker(kind, str(value)),
])

type Rendering = (cx: RenderContext) => unknown

class CompiledTemplate implements Template {
  readonly #source: Source
  readonly #body: readonly Statement[]
  readonly #text: Library
  readonly #native: Library
  readonly #known: (library: Library) => KnownNames
  #renderText: Rendering | undefined
  #renderNative: Rendering | undefined
  #blocks: readonly BlockDefinition[] | undefined

  constructor(source: Source, text: Library, native: Library, known: (library: Library) => KnownNames) {
    this.#source = source
    this.#body = parseTemplate(source)
    this.#text = text
    this.#native = native
    this.#known = known
  }

  get name(): string {
    return this.#source.file
  }

  get blocks(): readonly BlockDefinition[] {
    this.#blocks ??= topLevelBlocks(this.#body, this.#source).map((node) => this.#define(node))
    return this.#blocks
  }

  async render(context: Context, options: RenderOptions = {}): Promise<string> {
    this.#renderText ??= instantiate(new Emitter(this.#known(this.#text)).template(this.#body))
    return (await this.#run(this.#renderText, this.#text, context, options)) as string
  }

  async renderNative(context: Context, options: RenderOptions = {}): Promise<unknown> {
    if (this.#renderNative === undefined) {
      const folder = constantFolder(new RenderContext(this.#native, this.#source, {}, false))
      const emitter = new Emitter(this.#known(this.#native), folder)
      this.#renderNative = instantiate(emitter.template(this.#body))
    }
    const items = (await this.#run(this.#renderNative, this.#native, context, options)) as unknown[]
    try {
      return nativeResult(items)
    } catch (error) {
      throw new RenderContext(this.#native, this.#source, {}, false).fail(error, 0)
    }
  }

  async macros(context: Context): Promise<Map<string, Callable>> {
    const callable = this.blocks.filter(({ kind }) => kind !== "snapshot" && kind !== "docs")
    return new Map(callable.map((block) => [block.name, block.bind(context)]))
  }

  async #run(
    rendering: Rendering,
    library: Library,
    context: Context,
    options: RenderOptions,
  ): Promise<unknown> {
    const cx = new RenderContext(library, this.#source, context, options.lenient ?? false)
    try {
      return await rendering(cx)
    } catch (thrown) {
      if (thrown instanceof MacroReturn)
        throw this.#source.error("return() outside of a macro", cx.returnedAt)
      throw thrown
    }
  }

  #define(node: MacroNode): BlockDefinition {
    const source = this.#source
    const { block: kind, label, adapter } = node
    const firstDefault = node.params.length - node.defaults.length
    let make: Rendering | undefined
    const name = blockName(kind, label, adapter)
    return {
      kind,
      name,
      label,
      adapter,
      args: node.params.map((param, i) => ({ name: param.name, hasDefault: i >= firstDefault })),
      line: source.lineOf(node.from),
      source: source.text.slice(node.from, node.to),
      contents: source.text.slice(node.bodyFrom, node.bodyTo),
      contentsLine: source.lineOf(node.bodyFrom),
      bind: (context) => {
        let macro: Callable | undefined
        return bound(name, () => {
          make ??= instantiate(new Emitter(this.#known(this.#text)).macro(node))
          macro ??= make(new RenderContext(this.#text, source, context, false)) as Callable
          return macro
        })
      },
    }
  }
}

function topLevelBlocks(body: readonly Statement[], source: Source): MacroNode[] {
  const blocks: MacroNode[] = []
  for (const node of body) {
    if (node.kind === "macro") {
      const nested = node.block === "docs" || node.block === "snapshot" ? undefined : findBlock(node.body)
      if (nested !== undefined) {
        const what = `a {% ${nested.block} %} cannot stand inside the {% ${node.block} %} '${node.label}'`
        throw source.error(what, nested.from)
      }
      blocks.push(node)
    } else if (node.kind === "if" || node.kind === "for") {
      const inside = findBlock([node])
      if (inside !== undefined) {
        const what = `Got a block definition inside control flow. All dbt block definitions must be at the top level`
        throw source.error(what, inside.from)
      }
    }
  }
  return blocks
}

function findBlock(body: readonly Statement[]): MacroNode | undefined {
  for (const node of body) {
    if (node.kind === "macro") return node
    let found: MacroNode | undefined
    if (node.kind === "if") {
      found = findBlock([...node.body, ...node.elifs, ...node.otherwise])
    } else if (node.kind === "for") found = findBlock([...node.body, ...node.otherwise])
    else if ("body" in node) found = findBlock(node.body)
    if (found !== undefined) return found
  }
  return undefined
}
