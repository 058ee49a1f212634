import * as z from "zod"
import { BUCKET_URI_RULE, parseBucketUri } from "../../storage/bucket-uri.ts"

/** Kinds of values that several sections of the configuration have. */

const NAME = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/
export const NAME_RULE =
  "a name of lower-case letters, digits and single underscores that begins with a letter"

export const name = z.string().regex(NAME, NAME_RULE).max(60)
export const text = z.string().min(1)
export const path = text.refine((value) => !hasScheme(value), "a path on this machine")
export const place = text.refine(
  (value) => !hasScheme(value) || parseBucketUri(value) !== undefined,
  `a path on this machine, or ${BUCKET_URI_RULE}`,
)

function hasScheme(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(path)
}
