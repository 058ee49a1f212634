/** How the fields of a CSV text are told apart. An empty quote: the text has no quoting. */
export interface CsvDialect {
  delimiter: string
  quote: string
}

/**
 * Reads the first records of a CSV text, for looking into a file. Whole files are read by the warehouse.
 * @param limit how many records at most
 * @param whole false: the text is cut off somewhere, so its last record does not count
 */
export function parseCsvHead(text: string, dialect: CsvDialect, limit: number, whole: boolean): string[][] {
  const records: string[][] = []
  let position = 0
  while (records.length < limit && position < text.length) {
    const record = parseRecord(text, position, dialect)
    if (record.end >= text.length && !whole && !record.closed) break
    if (record.fields.length > 1 || record.fields[0] !== "") records.push(record.fields)
    position = record.end
  }
  return records
}

/** A record of a CSV text. */
export interface ParsedRecord {
  fields: string[]
  /** Where the next record begins. */
  end: number
  /** Whether a line end closed it, not the end of the text. */
  closed: boolean
  /** Whether its quotes are in order. */
  sound: boolean
}

/** Reads the record that begins at `start`. */
export function parseRecord(text: string, start: number, dialect: CsvDialect): ParsedRecord {
  const fields: string[] = []
  let i = start
  let sound = true
  for (;;) {
    const field = parseField(text, i, dialect)
    fields.push(field.value)
    sound &&= field.sound
    i = field.end
    if (i >= text.length) return { fields, end: i, closed: false, sound }
    if (text[i] === "\r" || text[i] === "\n") {
      return { fields, end: text[i] === "\r" && text[i + 1] === "\n" ? i + 2 : i + 1, closed: true, sound }
    }
    i += dialect.delimiter.length
  }
}

/** Blanks around the quotes of a field do not belong to it; blanks of a field without quotes do. */
function parseField(
  text: string,
  start: number,
  { delimiter, quote }: CsvDialect,
): { value: string; end: number; sound: boolean } {
  const open = delimiter === " " ? start : afterSpaces(text, start)
  const rest = (from: number) => {
    let i = from
    while (i < text.length && text[i] !== "\n" && text[i] !== "\r" && !text.startsWith(delimiter, i)) i++
    return i
  }
  if (quote === "" || text[open] !== quote) {
    const end = rest(start)
    return { value: text.slice(start, end), end, sound: true }
  }
  let value = ""
  for (let i = open; ; ) {
    const close = text.indexOf(quote, i + 1)
    if (close < 0) return { value: value + text.slice(i + 1), end: text.length, sound: false }
    value += text.slice(i + 1, close)
    i = close + 1
    if (text[i] === quote) {
      value += quote
      continue
    }
    const after = delimiter === " " ? i : afterSpaces(text, i)
    const end = rest(after)
    return { value: value + text.slice(after, end), end, sound: end === after }
  }
}

function afterSpaces(text: string, start: number): number {
  let i = start
  while (text[i] === " ") i++
  return i
}

/**
 * Column names as bronze has them: the header's, trimmed; what is empty, taken (letter case aside) or reserved gets a
 * name of its own.
 */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set(RESERVED_COLUMNS.map((name) => name.toLowerCase()))
  return header.map((written, i) => {
    const wanted = written.trim() === "" ? `column_${i + 1}` : written.trim()
    let name = wanted
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`
    taken.add(name.toLowerCase())
    return name
  })
}

/** What bronze adds to the delivered columns of every data set. */
export const RESERVED_COLUMNS = [
  "_landing_id",
  "_row_number",
  "_row_hash",
  "_op",
  "_seq",
  "_extracted_at",
  "_as_of",
  "_loaded_at",
] as const
