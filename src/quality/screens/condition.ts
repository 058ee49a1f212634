/** Words of the small SQL that `business_rule` takes: comparisons, `and`, `or`, `not`, `in`, `is null`, `like`, `between`, `case`. */
const WORDS = new Set(
  "and or not in is null like between case when then else end true false coalesce abs length lower upper".split(
    " ",
  ),
)
const TOKEN =
  /\s*(?:'(?:[^']|'')*'|(\d+(?:\.\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|(<>|<=|>=|-(?!-)|\/(?!\*)|[=<>+*(),]))/y

/**
 * What is wrong with the condition of a business rule; undefined where nothing is.
 * @param columns that the condition may name
 */
export function conditionProblem(
  condition: string,
  columns: ReadonlySet<string>,
): { offence: string; choices: readonly string[] } | undefined {
  let depth = 0
  let at = 0
  const text = condition.trim()
  while (at < text.length) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (found === null) {
      const offence = `the condition cannot be read at "${text.slice(at, at + 20).trim()}"`
      return { offence, choices: ["= <> < <= > >= + - * / ( ) ,", ...WORDS] }
    }
    const word = found[2]
    if (word !== undefined && !WORDS.has(word.toLowerCase()) && !columns.has(word)) {
      return { offence: `the condition names "${word}", which is no column`, choices: [...columns] }
    }
    if (found[3] === "(") depth++
    if (found[3] === ")" && --depth < 0) break
    at = TOKEN.lastIndex
  }
  return depth === 0 ? undefined : { offence: "the condition's parentheses do not match", choices: [] }
}
