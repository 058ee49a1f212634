import { createHash } from "node:crypto"
import { CartwrightError } from "../../core/errors.ts"

/** Quotes an identifier for GoogleSQL, in which a quoted one has the escapes of a text. */
export function quoteIdentifier(identifier: string): string {
  return `\`${identifier.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``
}

/** Quotes a text for GoogleSQL, in which it stands on one line. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n").replaceAll("\r", "\\r")}'`
}

/** Returns the dataset's name. @throws CartwrightError `config` when BigQuery does not allow it */
export function checkDatasetName(name: string): string {
  if (/^\w{1,1024}$/.test(name)) return name
  throw notAllowed("dataset", name, "Use up to 1,024 letters, digits and underscores.")
}

/** Returns the table's name. @throws CartwrightError `config` when BigQuery does not allow it */
export function checkTableName(name: string): string {
  if (/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]+$/u.test(name) && Buffer.byteLength(name) <= 1024) return name
  throw notAllowed("table", name, "Use up to 1,024 bytes of letters, digits, underscores, dashes and spaces.")
}

const RESERVED_PREFIXES = [
  "_table_",
  "_file_",
  "_partition",
  "_row_timestamp",
  "__root__",
  "_colidentifier",
  "_change_sequence_number",
  "_change_type",
  "_change_timestamp",
]

/**
 * Returns the column's name. Only plain names are let through: BigQuery's "flexible" ones are not possible everywhere.
 * @throws CartwrightError `config` when BigQuery does not allow it
 */
export function checkColumnName(name: string): string {
  if (COLUMN_NAMES.allowed(name)) return name
  throw notAllowed("column", name, COLUMN_NAMES.rule)
}

export const COLUMN_NAMES = {
  allowed: (name: string): boolean =>
    /^[A-Za-z_]\w{0,299}$/.test(name) &&
    !RESERVED_PREFIXES.some((reserved) => name.toLowerCase().startsWith(reserved)),
  rule: `Use up to 300 letters, digits and underscores, not a digit first. Names that begin with ${RESERVED_PREFIXES.slice(0, -1).join(", ")} or ${RESERVED_PREFIXES.at(-1)} are BigQuery's own.`,
}

function notAllowed(kind: string, name: string, next: string): CartwrightError {
  return new CartwrightError("config", `BigQuery does not allow "${name}" as the name of a ${kind}`, {
    place: name,
    next,
    state: "Nothing was changed.",
  })
}

/**
 * A job's id from what makes the job the same: equal parts, equal id. Readable as far as BigQuery lets it be, and distinct where
 * parts differ only in what it does not allow.
 */
export function jobId(parts: readonly string[]): string {
  const readable = parts.map((part) => part.replaceAll(/[^\w-]+/g, "-").slice(0, 100)).join("_")
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)
  return `cartwright_${readable.slice(0, 900)}_${hash}`
}

/** A text as BigQuery allows it for the value of a label. */
export function labelValue(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .slice(0, 63)
}
