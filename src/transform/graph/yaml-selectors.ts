import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import { asDict, loadYaml } from "../yaml/yaml.ts"
import { criterion, parseCriterion, type IndirectSelection, type Selection } from "./spec.ts"

export interface NamedSelector {
  definition: Selection
  isDefault: boolean
}

type Dict = Record<string, unknown>

/** The selectors of `selectors.yml`, by name. */
export async function readSelectors(
  root: string,
  indirect: IndirectSelection,
): Promise<Map<string, NamedSelector>> {
  const selectors = new Map<string, NamedSelector>()
  const file = join(root, "selectors.yml")
  if (!existsSync(file)) return selectors
  const list = asDict(await loadYaml(readFileSync(file, "utf8"), file))?.["selectors"]
  for (const entry of Array.isArray(list) ? list : []) {
    const dict = asDict(entry) ?? {}
    const name = String(dict["name"])
    const reader = new DefinitionReader(file, name, indirect, selectors)
    selectors.set(name, { definition: reader.read(dict["definition"]), isDefault: dict["default"] === true })
  }
  return selectors
}

class DefinitionReader {
  readonly #file: string
  readonly #name: string
  readonly #indirect: IndirectSelection
  readonly #known: ReadonlyMap<string, NamedSelector>

  constructor(
    file: string,
    name: string,
    indirect: IndirectSelection,
    known: ReadonlyMap<string, NamedSelector>,
  ) {
    this.#file = file
    this.#name = name
    this.#indirect = indirect
    this.#known = known
  }

  read(definition: unknown): Selection {
    if (typeof definition === "string") return parseCriterion(definition, this.#indirect)
    const dict = asDict(definition)
    if (dict === undefined) throw this.#wrong("a definition must be text or a mapping")
    if ("union" in dict) return this.#combined("union", dict["union"])
    if ("intersection" in dict) return this.#combined("intersection", dict["intersection"])
    return this.#single(dict)
  }

  #combined(kind: "union" | "intersection", parts: unknown): Selection {
    if (!Array.isArray(parts)) throw this.#wrong(`${kind}: must be a list`)
    const included = parts.filter((part) => !isExclusion(part)).map((part) => this.read(part))
    const [exclusion, ...more] = parts.filter(isExclusion)
    if (more.length > 0) throw this.#wrong("there may be only one exclude: at a level")
    const whole = this.#operation(kind, included)
    return exclusion === undefined ? whole : this.#operation("difference", [whole, this.#excluded(exclusion)])
  }

  #excluded(definition: Dict): Selection {
    const list = definition["exclude"]
    if (!Array.isArray(list)) throw this.#wrong("exclude: must be a list")
    return this.#operation(
      "union",
      list.map((part) => this.read(part)),
    )
  }

  #single(dict: Dict): Selection {
    const entries = Object.entries(dict)
    const [first] = entries
    if (entries.length === 1 && first !== undefined) return this.#term({ method: first[0], value: first[1] })
    if (dict["method"] === "selector") {
      const named = this.#known.get(String(dict["value"]))
      if (named === undefined)
        throw this.#wrong(`there is no selector '${String(dict["value"])}' above this one`)
      return named.definition
    }
    if (!("method" in dict) || !("value" in dict)) throw this.#wrong("a term needs method and value")
    const { exclude, ...fields } = dict
    const term = this.#term(fields)
    return exclude === undefined ? term : this.#operation("difference", [term, this.#excluded({ exclude })])
  }

  #term(fields: Dict): Selection {
    const depth = (flag: unknown, levels: unknown): number | undefined =>
      flag !== true ? undefined : typeof levels === "number" ? levels : Number.POSITIVE_INFINITY
    const indirect = fields["indirect_selection"]
    return criterion(
      `${String(fields["method"])}:${String(fields["value"])}`,
      (typeof indirect === "string" ? indirect : this.#indirect) as IndirectSelection,
      {
        method: String(fields["method"]),
        value: String(fields["value"]),
        childrensParents: fields["childrens_parents"] === true,
        parents: depth(fields["parents"], fields["parents_depth"]),
        children: depth(fields["children"], fields["children_depth"]),
      },
    )
  }

  #operation(kind: "union" | "intersection" | "difference", parts: Selection[]): Selection {
    return { kind, raw: this.#name, parts, indirect: "eager", expectExists: false }
  }

  #wrong(offence: string): CartwrightError {
    return new CartwrightError("config", `selector '${this.#name}': ${offence}`, { place: this.#file })
  }
}

function isExclusion(part: unknown): part is Dict {
  const dict = asDict(part)
  return dict !== undefined && "exclude" in dict && !("method" in dict)
}
