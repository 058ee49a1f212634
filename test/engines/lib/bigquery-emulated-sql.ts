/** What the emulator makes of GoogleSQL otherwise than BigQuery does, and how it is asked so that it does the same. */
const SPELLINGS: readonly [fault: string, said: RegExp, asked: string][] = [
  [
    "BIGNUMERIC has 38 digits in all, in place of 76: whole numbers are asked for where they are multiplied",
    /\bas bignumeric\) \* (?=\d+ )/g,
    "as int128) * ",
  ],
  ["and, where none is told, three of them behind the point", /\bas bignumeric\)/g, "as decimal(38, 15))"],
  [
    "date_trunc of a date is a time",
    /\bdate_trunc\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*, month)\)/g,
    "cast(date_trunc($1) as date)",
  ],
]

export function asTheEmulatorTakesIt(sql: string): string {
  const spelled = SPELLINGS.reduce((text, [, said, asked]) => text.replaceAll(said, asked), sql)
  return withWholeNumerics(spelled)
}

/** A cast to NUMERIC keeps three digits behind the point in place of nine, and loses what it is told of them in a view. */
function withWholeNumerics(sql: string): string {
  const end = /\s+as numeric\)/.exec(sql)
  if (end === null) return sql
  let start = end.index
  for (let depth = 1; depth > 0; ) {
    start--
    if (sql[start] === ")") depth++
    if (sql[start] === "(") depth--
  }
  const value = sql.slice(start + 1, end.index)
  const before = sql.slice(0, start).replace(/cast$/, "")
  const after = sql.slice(end.index + end[0].length)
  return withWholeNumerics(`${before}parse_numeric(${value})${after}`)
}
