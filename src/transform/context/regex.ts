import { callable, HostObject, PythonError, Tuple, type Callable } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"
import { Namespace } from "./objects.ts"

/** `modules.re`: Python's regular expressions, as far as JavaScript's mean the same. */
const IGNORECASE = 2
const MULTILINE = 8
const DOTALL = 16

class Match extends HostObject {
  override readonly typeName = "re.Match"
  readonly #match: RegExpExecArray

  constructor(match: RegExpExecArray) {
    super()
    this.#match = match
  }

  override attribute(name: string): unknown {
    const match = this.#match
    switch (name) {
      case "group":
        return callable((args) => {
          const groups = (args.length === 0 ? [0] : args).map(
            (key) => (typeof key === "number" ? match[key] : match.groups?.[pythonStr(key)]) ?? null,
          )
          return groups.length === 1 ? groups[0] : Tuple.from(groups)
        }, name)
      case "groups":
        return callable(() => Tuple.from(match.slice(1).map((group) => group ?? null)), name)
      case "groupdict":
        return callable(() => ({ ...match.groups }), name)
      case "start":
        return callable(() => match.index, name)
      case "end":
        return callable(() => match.index + match[0].length, name)
      default:
        return undefined
    }
  }

  override toString(): string {
    return `<re.Match object; span=(${this.#match.index}, ${this.#match.index + this.#match[0].length}), match='${this.#match[0]}'>`
  }
}

class Pattern extends HostObject {
  override readonly typeName = "re.Pattern"
  readonly #source: string
  readonly #flags: number

  constructor(source: string, flags: number) {
    super()
    this.#source = source
    this.#flags = flags
  }

  override attribute(name: string): unknown {
    const run = FUNCTIONS[name]
    if (run === undefined) return name === "pattern" ? this.#source : undefined
    return callable((args) => run(this.#source, this.#flags, args), name)
  }

  override toString(): string {
    return `re.compile('${this.#source}')`
  }
}

type Run = (pattern: string, flags: number, args: unknown[]) => unknown

const FUNCTIONS: Readonly<Record<string, Run>> = {
  match: (pattern, flags, [text]) => found(translate(`^(?:${pattern})`, flags, false).exec(pythonStr(text))),
  fullmatch: (pattern, flags, [text]) =>
    found(translate(`^(?:${pattern})$`, flags, false).exec(pythonStr(text))),
  search: (pattern, flags, [text]) => found(translate(pattern, flags, false).exec(pythonStr(text))),
  findall: (pattern, flags, [text]) =>
    [...pythonStr(text).matchAll(translate(pattern, flags, true))].map((match) =>
      match.length === 1
        ? match[0]
        : match.length === 2
          ? (match[1] ?? "")
          : Tuple.from(match.slice(1).map((group) => group ?? "")),
    ),
  finditer: (pattern, flags, [text]) =>
    [...pythonStr(text).matchAll(translate(pattern, flags, true))].map((match) => new Match(match)),
  split: (pattern, flags, [text]) => pythonStr(text).split(translate(pattern, flags, true)),
  sub: (pattern, flags, [replacement, text, count]) => {
    let left = typeof count === "number" && count > 0 ? count : Number.POSITIVE_INFINITY
    const written = pythonStr(replacement)
    return pythonStr(text).replace(translate(pattern, flags, true), (...match: unknown[]) => {
      if (left-- <= 0) return String(match[0])
      const groups = match.at(-1)
      return written.replace(
        /\\(?:(\d+)|g<(\w+)>|(.))/g,
        (_, number?: string, name?: string, char?: string) => {
          if (number !== undefined) return String(match[Number(number)] ?? "")
          if (name !== undefined)
            return /^\d+$/.test(name)
              ? String(match[Number(name)] ?? "")
              : String((groups as Record<string, unknown>)[name] ?? "")
          return char === "n" ? "\n" : char === "t" ? "\t" : (char ?? "")
        },
      )
    })
  },
}

/** `modules.re` */
export const REGEX = new Namespace("<module 're'>", {
  ...Object.fromEntries(
    Object.entries(FUNCTIONS).map(([name, run]): [string, Callable] => [
      name,
      callable(([pattern, ...args], kwargs) => {
        const at = name === "sub" ? 3 : 1
        const flags = Number(kwargs["flags"] ?? args[at] ?? 0)
        return run(pythonStr(pattern), flags, args)
      }, name),
    ]),
  ),
  compile: callable(([pattern, flags]) => new Pattern(pythonStr(pattern), Number(flags ?? 0)), "compile"),
  escape: callable(([text]) => pythonStr(text).replace(/[^\w]/g, "\\$&"), "escape"),
  IGNORECASE,
  I: IGNORECASE,
  MULTILINE,
  M: MULTILINE,
  DOTALL,
  S: DOTALL,
})

function found(match: RegExpExecArray | null): unknown {
  return match === null ? null : new Match(match)
}

function translate(pattern: string, flags: number, global: boolean): RegExp {
  let all = flags
  let source = pattern.replace(/^(\^?\(?\??:?)\(\?([aimsux]+)\)/, (_, before: string, inline: string) => {
    if (inline.includes("i")) all |= IGNORECASE
    if (inline.includes("m")) all |= MULTILINE
    if (inline.includes("s")) all |= DOTALL
    return before
  })
  source = source
    .replaceAll("(?P<", "(?<")
    .replace(/\(\?P=(\w+)\)/g, "\\k<$1>")
    .replaceAll("\\A", "^")
    .replaceAll("\\Z", "$")
  const letters = `${global ? "g" : ""}${all & IGNORECASE ? "i" : ""}${all & MULTILINE ? "m" : ""}${all & DOTALL ? "s" : ""}`
  try {
    return new RegExp(source, letters)
  } catch {
    throw new PythonError(
      "ValueError",
      `the regular expression '${pattern}' is not supported by the embedded runner; use --engine dbt`,
    )
  }
}
