import { CartwrightError } from "../../core/errors.ts"
import { didYouMean, unsupported } from "../errors.ts"

export type IndirectSelection = "eager" | "cautious" | "buildable" | "empty"

/** One term of a selection: `[@][n+]method:value[+n]`. */
export interface Criterion {
  kind: "criterion"
  raw: string
  method: string
  /** What follows the method's name: `config.meta.owner` → `["meta", "owner"]`. */
  methodArguments: string[]
  value: string
  childrensParents: boolean
  /** Levels of ancestors to add; undefined is none, Infinity is all. */
  parents: number | undefined
  children: number | undefined
  indirect: IndirectSelection
}

export interface SetOperation {
  kind: "union" | "intersection" | "difference"
  raw: string
  parts: Selection[]
  indirect: IndirectSelection
  /** Warn where nothing matches. */
  expectExists: boolean
}

export type Selection = Criterion | SetOperation

const METHODS = [
  "fqn",
  "tag",
  "group",
  "access",
  "source",
  "path",
  "file",
  "package",
  "config",
  "test_name",
  "test_type",
  "resource_type",
  "exposure",
  "metric",
  "semantic_model",
  "saved_query",
  "unit_test",
]
const UNSUPPORTED_METHODS = ["state", "result", "source_status", "version", "selector"]

const SPEC =
  /^(?<at>@)?(?<parents>(?<up>\d*)\+)?(?:(?<method>[\w.]+):)?(?<value>.*?)(?<children>\+(?<down>\d*))?$/s

const DEFAULT_INCLUDES = ["fqn:*", "source:*", "exposure:*", "metric:*", "semantic_model:*"]

/** The selection that `--select` and `--exclude` ask for. */
export function parseSelection(
  select: readonly string[] | undefined,
  exclude: readonly string[] | undefined,
  indirect: IndirectSelection,
): Selection {
  const included =
    select === undefined || select.length === 0
      ? parseUnion(DEFAULT_INCLUDES, false, indirect)
      : parseUnion(select, true, indirect)
  const excluded = parseUnion(exclude ?? [], true, indirect)
  return { kind: "difference", raw: "", parts: [included, excluded], indirect: "eager", expectExists: false }
}

function parseUnion(
  components: readonly string[],
  expectExists: boolean,
  indirect: IndirectSelection,
): Selection {
  const parts = components
    .flatMap((component) => component.split(" "))
    .filter((spec) => spec !== "")
    .map(
      (spec): Selection => ({
        kind: "intersection",
        raw: spec,
        parts: spec.split(",").map((part) => parseCriterion(part, indirect)),
        indirect,
        expectExists,
      }),
    )
  return { kind: "union", raw: components.join(" "), parts, indirect, expectExists: false }
}

/** Reads one term, e.g. `2+tag:daily+`. */
export function parseCriterion(raw: string, indirect: IndirectSelection): Criterion {
  const groups = SPEC.exec(raw)?.groups
  if (groups === undefined) throw new CartwrightError("usage", `invalid selector '${raw}'`)
  return criterion(raw, indirect, {
    method: groups["method"],
    value: groups["value"] ?? "",
    childrensParents: groups["at"] !== undefined,
    parents: depth(groups["parents"], groups["up"]),
    children: depth(groups["children"], groups["down"]),
  })
}

interface CriterionFields {
  method: string | undefined
  value: string
  childrensParents: boolean
  parents: number | undefined
  children: number | undefined
}

/** Checks and completes the fields of a term; also for selectors that were written as YAML. */
export function criterion(raw: string, indirect: IndirectSelection, fields: CriterionFields): Criterion {
  const [method = "", ...methodArguments] = (fields.method ?? defaultMethod(fields.value)).split(".")
  if (UNSUPPORTED_METHODS.includes(method)) throw unsupported(`selection by ${method}:`, `--select ${raw}`)
  if (!METHODS.includes(method)) {
    throw new CartwrightError("usage", `unknown selection method '${method}'${didYouMean(method, METHODS)}`, {
      place: `--select ${raw}`,
      choices: METHODS,
      next: "Write method:value, or a model's name alone.",
    })
  }
  if (fields.childrensParents && fields.children !== undefined) {
    throw new CartwrightError("usage", `"@" before and "+" after a name cannot be combined`, {
      place: `--select ${raw}`,
    })
  }
  const { value, childrensParents, parents, children } = fields
  return {
    kind: "criterion",
    raw,
    method,
    methodArguments,
    value,
    childrensParents,
    parents,
    children,
    indirect,
  }
}

function depth(written: string | undefined, levels: string | undefined): number | undefined {
  if (written === undefined) return undefined
  return levels === undefined || levels === "" ? Number.POSITIVE_INFINITY : Number(levels)
}

function defaultMethod(value: string): string {
  if (value.includes("/")) return "path"
  return /\.(sql|py|csv)$/i.test(value) ? "file" : "fqn"
}
