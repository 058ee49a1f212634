/** The lines of a difference: ` ` as before, `-` gone, `+` new, with two lines around each change and `…` for what is left out. */
export function lineDiff(before: string, after: string): string[] {
  const [a, b] = [before.split("\n"), after.split("\n")]
  const common = commonLengths(a, b)
  const lines: string[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(` ${a[i++]}`)
      j++
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1)))
      lines.push(`-${a[i++]}`)
    else lines.push(`+${b[j++]}`)
  }
  return aroundChanges(lines)
}

/** How many lines the rests of both texts from i and j on have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    const [row = [], next = []] = [table[i], table[i + 1]]
    for (let j = b.length - 1; j >= 0; j--)
      row[j] = a[i] === b[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0)
  }
  return table
}

function at(table: readonly number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0
}

function aroundChanges(lines: readonly string[]): string[] {
  const kept = lines.map((_, i) =>
    lines.slice(Math.max(0, i - 2), i + 3).some((line) => !line.startsWith(" ")),
  )
  return lines.flatMap((line, i) => (kept[i] ? [line] : i === 0 || kept[i - 1] ? ["…"] : []))
}
