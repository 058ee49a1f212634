import { didYouMean, projectError } from "../errors.ts"
import type { DbtNode, Manifest, PassiveNode, RefArgs, SourceNode } from "../nodes.ts"

/** Finds what refs and sources mean. Built once all nodes are known. */
export class Lookup {
  /** Name → nodes that can be referred to. */
  readonly #refable = new Map<string, DbtNode[]>()
  readonly #sources = new Map<string, SourceNode[]>()
  readonly #disabled = new Set<string>()
  readonly #disabledSources = new Set<string>()
  readonly #rootName: string

  constructor(manifest: Manifest, rootName: string) {
    this.#rootName = rootName
    for (const node of manifest.nodes.values()) if (isRefable(node)) append(this.#refable, node.name, node)
    for (const source of manifest.sources.values())
      append(this.#sources, `${source.source_name}.${source.name}`, source)
    for (const node of [...manifest.disabled.values()].flat()) {
      if (isSource(node)) this.#disabledSources.add(`${node.source_name}.${node.name}`)
      else if (isRefable(node)) this.#disabled.add(node.name)
    }
  }

  /** The node that `ref` means for a package: of the named package, else the root's, the package's own, any. */
  ref(args: RefArgs, fromPackage: string): DbtNode | undefined {
    const candidates = this.#refable.get(args.name) ?? []
    return pick(candidates, args.package, fromPackage, this.#rootName)
  }

  source(sourceName: string, tableName: string, fromPackage: string): SourceNode | undefined {
    return pick(this.#sources.get(`${sourceName}.${tableName}`) ?? [], null, fromPackage, this.#rootName)
  }

  isDisabled(name: string): boolean {
    return this.#disabled.has(name)
  }

  /** The error for a ref that means nothing. */
  refError(args: RefArgs, from: DbtNode | PassiveNode, place: string): Error {
    const target = args.package === null ? `'${args.name}'` : `'${args.name}' in package '${args.package}'`
    const names = [...this.#refable.keys()]
    if (this.#disabled.has(args.name)) {
      return projectError(
        `${from.resource_type} '${from.unique_id}' depends on a node named ${target} which is disabled`,
        {
          place,
          next: "Enable it, or remove the ref.",
        },
      )
    }
    return projectError(
      `${from.resource_type} '${from.unique_id}' depends on a node named ${target} which was not found${didYouMean(args.name, names)}`,
      {
        place,
        choices: names.length <= 20 ? names : undefined,
        next: "Correct the name in ref(), or add the model.",
      },
    )
  }

  sourceError(sourceName: string, tableName: string, from: DbtNode | PassiveNode, place: string): Error {
    const name = `${sourceName}.${tableName}`
    const names = [...this.#sources.keys()]
    const reason = this.#disabledSources.has(name) ? "is disabled" : `was not found${didYouMean(name, names)}`
    return projectError(
      `${from.resource_type} '${from.unique_id}' depends on a source named '${name}' which ${reason}`,
      {
        place,
        choices: names.length <= 20 ? names : undefined,
        next: "Correct the names in source(), or declare the source in a property file.",
      },
    )
  }
}

function isRefable(node: { resource_type: string }): node is DbtNode {
  return node.resource_type === "model" || node.resource_type === "seed" || node.resource_type === "snapshot"
}

function isSource(node: { resource_type: string }): node is SourceNode {
  return node.resource_type === "source"
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

function pick<T extends { package_name: string }>(
  candidates: readonly T[],
  wanted: string | null,
  fromPackage: string,
  rootName: string,
): T | undefined {
  const inPackage = (name: string): T | undefined => candidates.find((node) => node.package_name === name)
  if (wanted !== null) return inPackage(wanted)
  return inPackage(rootName) ?? inPackage(fromPackage) ?? candidates[0]
}
