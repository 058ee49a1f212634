/** Two columns, the second wrapped to the width of a terminal. */
export function columns(rows: readonly (readonly [string, string])[], width = 110): string {
  const first = Math.min(30, Math.max(...rows.map(([left]) => left.length)))
  return rows
    .map(([left, right]) => {
      const lines = wrapped(right, width - first - 4)
      const head = left.length > first ? `  ${left}\n${" ".repeat(first + 4)}` : `  ${left.padEnd(first)}  `
      return head + lines.join(`\n${" ".repeat(first + 4)}`)
    })
    .join("\n")
}

/** A text in lines of at most so many characters; a longer word keeps a line for itself. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""]
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? ""
    if (line !== "" && line.length + word.length + 1 > width) lines.push(word)
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`
  }
  return lines
}

/** A table with a header; numbers to the right. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  numeric: readonly number[] = [],
): string[] {
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => displayWidth(row[i] ?? ""))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => {
        const gap = " ".repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(cell)))
        return numeric.includes(i) ? gap + cell : cell + gap
      })
      .join("  ")
      .trimEnd()
  return [line(header), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)]
}

function displayWidth(text: string): number {
  return Array.from(text).length
}

/** 1234567 → `1,234,567`. */
export function count(n: number | bigint): string {
  return n.toLocaleString("en-US")
}

export function bytes(n: number): string {
  if (n < 1000) return `${n} B`
  const units = ["kB", "MB", "GB", "TB"]
  let value = n / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

/** Rows per second, where it can be told. */
export function rate(rows: number, ms: number): string {
  return ms < 1 || rows === 0 ? "" : `${count(Math.round((rows / ms) * 1000))} rows/s`
}
