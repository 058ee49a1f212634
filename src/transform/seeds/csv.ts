/**
 * Reads CSV text as Python's csv module does by default: quotes double inside quotes, a quote inside an unquoted field
 * is text. Rows that are wholly empty lines are left out.
 */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ""
  let at = 0
  const endRow = (): void => {
    if (row.length > 0 || field !== "") rows.push([...row, field])
    row = []
    field = ""
  }
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '"' && field === "") {
      let end = at + 1
      for (;;) {
        const quote = text.indexOf('"', end)
        const stop = quote < 0 ? text.length : quote
        field += text.slice(end, stop)
        if (text.charAt(stop + 1) !== '"') {
          at = stop + 1
          break
        }
        field += '"'
        end = stop + 2
      }
      // What follows a closing quote belongs to the field; an empty quoted field must not look like an empty line.
      if (field === "" && row.length === 0 && (at >= text.length || text.charAt(at) === "\n")) rows.push([""])
      continue
    }
    if (char === delimiter) {
      row.push(field)
      field = ""
      at++
    } else if (char === "\n" || char === "\r") {
      endRow()
      at += char === "\r" && text.charAt(at + 1) === "\n" ? 2 : 1
    } else {
      field += char
      at++
    }
  }
  endRow()
  return rows
}
