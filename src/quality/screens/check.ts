import { nearest } from "../../core/errors.ts"
import { conditionProblem } from "./condition.ts"
import {
  ACTIONS,
  BATCH_SCREENS,
  CROSS_SCREENS,
  type DeclarationProblem,
  FIRST_BIT,
  LAST_BIT,
  RECORD_SCREENS,
  type ScreenDeclaration,
} from "./declaration.ts"

/** Where screens are declared: on a silver log, across records and tables, or of batches. */
export type Place = "record" | "cross" | "batch"

const KINDS = { record: RECORD_SCREENS, cross: CROSS_SCREENS, batch: BATCH_SCREENS }

export interface CheckedModel {
  place: Place
  /** Columns that a screen may name; undefined where they are not known. */
  columns: ReadonlySet<string> | undefined
}

/** All that is wrong with the screens of one model, as far as it can be told without data. */
export function checkScreens(screens: readonly unknown[], model: CheckedModel): DeclarationProblem[] {
  const problems: DeclarationProblem[] = []
  const bits = new Map<number, string>()
  const names = new Set<string>()
  for (const [index, screen] of screens.entries()) {
    const found = checkScreen(screen, model)
    problems.push(...found.map(({ path, ...rest }) => ({ path: [index, ...path], ...rest })))
    if (found.length > 0) continue
    const { name, bit } = screen as ScreenDeclaration
    if (names.has(name)) {
      problems.push({ path: [index, "name"], offence: `there are two screens "${name}"`, choices: [] })
    }
    names.add(name)
    if (bit === undefined) continue
    const other = bits.get(bit)
    if (other !== undefined) {
      const free = Array.from({ length: LAST_BIT - FIRST_BIT + 1 }, (_, i) => FIRST_BIT + i).filter(
        (i) => !bits.has(i),
      )
      const offence = `the bit ${bit} of "${name}" belongs to "${other}": a bit is permanent and never given twice`
      problems.push({ path: [index, "bit"], offence, choices: free.slice(0, 8).map(String) })
    } else bits.set(bit, name)
  }
  return problems
}

function checkScreen(screen: unknown, { place, columns }: CheckedModel): DeclarationProblem[] {
  const kinds = KINDS[place]
  if (screen === null || typeof screen !== "object" || Array.isArray(screen)) {
    return [{ path: [], offence: "a screen is a mapping with name, kind, action …", choices: [] }]
  }
  const stated = (screen as { kind?: unknown }).kind
  const kind = typeof stated === "string" ? stated : ""
  const schema = kinds[kind]
  if (schema === undefined) {
    const offence = `"${kind}" is no kind of screen here${hint(kind, Object.keys(kinds))}`
    return [{ path: ["kind"], offence, choices: Object.keys(kinds) }]
  }
  const parsed = schema.safeParse(screen)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => {
      const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))
      if (issue.code === "unrecognized_keys") {
        const [key = ""] = issue.keys
        const choices = Object.keys(schema.shape)
        return {
          path: [...path, key],
          offence: `a screen of the kind ${kind} has no "${key}"${hint(key, choices)}`,
          choices,
        }
      }
      const choices = issue.code === "invalid_value" ? issue.values.map(String) : []
      return { path, offence: `${path.join(".")} of a screen of the kind ${kind}: ${issue.message}`, choices }
    })
  }
  return semanticProblems(screen as ScreenDeclaration, place, columns)
}

function semanticProblems(
  screen: ScreenDeclaration,
  place: Place,
  columns: ReadonlySet<string> | undefined,
): DeclarationProblem[] {
  const problems: DeclarationProblem[] = []
  const { action, kind } = screen
  if (action === "reject" && (place !== "record" || kind === "not_in_future")) {
    const why =
      place === "record"
        ? "it depends on when a record was delivered, which a repeat of the record changes"
        : "what it says changes when other records do"
    problems.push({
      path: ["action"],
      offence: `a screen of the kind ${kind} cannot reject: ${why}`,
      choices: ACTIONS.filter((each) => each !== "reject"),
    })
  }
  if (kind === "range" && screen["min"] === undefined && screen["max"] === undefined) {
    problems.push({ path: [], offence: "a range needs min or max, or both", choices: [] })
  }
  if (columns === undefined) return problems
  const named: [string, unknown][] = [
    ["column", screen.column],
    ["within", screen["within"]],
    ...(screen.columns ?? []).map((name): [string, unknown] => ["columns", name]),
  ]
  for (const [key, name] of named) {
    if (typeof name !== "string" || columns.has(name)) continue
    const offence = `"${name}" is no column here${hint(name, [...columns])}`
    problems.push({ path: [key], offence, choices: [...columns] })
  }
  if (typeof screen["condition"] === "string") {
    const problem = conditionProblem(screen["condition"], columns)
    if (problem !== undefined) problems.push({ path: ["condition"], ...problem })
  }
  return problems
}

/**
 * What is wrong with the settings of a shop for screens that are declared elsewhere (`vars: screens:`).
 * @param known the screens by `source.data_set.screen`, with the parameters that each may be given
 */
export function checkOverrides(
  overrides: Readonly<Record<string, unknown>>,
  known: ReadonlyMap<string, ScreenDeclaration>,
  check: (screen: ScreenDeclaration, of: string) => readonly DeclarationProblem[],
): DeclarationProblem[] {
  return Object.entries(overrides).flatMap(([name, settings]) => {
    const screen = known.get(name)
    if (screen === undefined) {
      const near = nearest(name, [...known.keys()])
      const offence = `there is no screen "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`
      return [
        { path: [name], offence, choices: near === undefined ? [...known.keys()].slice(0, 60) : [near] },
      ]
    }
    if (settings === null || typeof settings !== "object" || Array.isArray(settings)) {
      return [
        {
          path: [name],
          offence: `the settings of "${name}" are a mapping, e.g. {action: flag}`,
          choices: [],
        },
      ]
    }
    for (const fixed of ["name", "kind", "bit", "column", "columns"]) {
      if (fixed in settings)
        return [
          {
            path: [name, fixed],
            offence: `"${fixed}" of a screen is fixed`,
            choices: ["action", "severity"],
          },
        ]
    }
    const merged = { ...screen, ...(settings as Record<string, unknown>) }
    return check(merged, name).map(({ path, ...rest }) => ({ path: [name, ...path], ...rest }))
  })
}

function hint(written: string, choices: readonly string[]): string {
  const near = nearest(written, choices)
  return near === undefined ? "" : `; did you mean "${near}"?`
}
