import { float } from "../jinja/index.ts"

/**
 * Reads JSON so that `1.0` stays a float.
 * @throws SyntaxError when it is none
 */
export function fromJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (!/\d[.eE]/.test(text)) return value
  // Marks floats before parsing: strings are matched first so that numbers within them are left alone.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    !token.startsWith('"') && /[.eE]/.test(token) ? `{"\\u0000float":${token}}` : token,
  )
  return JSON.parse(marked, (_, item: unknown) => {
    const number =
      typeof item === "object" && item !== null ? (item as Record<string, unknown>)["\0float"] : undefined
    return typeof number === "number" ? float(number) : item
  })
}
