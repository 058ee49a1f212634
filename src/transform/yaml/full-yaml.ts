import { isScalar, parseDocument, stringify, visit } from "yaml"
import { CartwrightError } from "../../core/errors.ts"
import { float } from "../jinja/index.ts"
import { plainScalar } from "./scalars.ts"

/** Reads any YAML with the full parser. @throws CartwrightError `config` with file, line and column */
export function loadAnyYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { version: "1.1", merge: true, uniqueKeys: false, schema: "failsafe" })
  const [error] = document.errors
  if (error !== undefined) {
    const [line] = error.linePos ?? []
    throw new CartwrightError(
      "config",
      `cannot read YAML: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")}`,
      {
        place: line === undefined ? file : `${file}:${line.line}:${line.col}`,
        next: "Mend the file; check indentation, quotes around values with `{{`, and colons.",
        cause: error,
      },
    )
  }
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || node.type !== "PLAIN" || !isScalar(node)) return
      node.value = plainScalar(String(node.source ?? node.value ?? ""), float)
    },
  })
  return document.toJS({ maxAliasCount: 1000 }) as unknown
}

/** Prints YAML in block style with lists not indented, as PyYAML does with `sort_keys=False`. */
export function printYaml(value: unknown): string {
  return stringify(value, { version: "1.1", indentSeq: false, lineWidth: 80, singleQuote: true })
}
