/** A place in Google Cloud Storage, as `gs://bucket` or `gs://bucket/prefix`. */
export interface BucketPlace {
  bucket: string
  /** The beginning of all keys, without a slash at its end; empty for the whole bucket. */
  prefix: string
}

/** The rule, for those who write one down. */
export const BUCKET_URI_RULE =
  "gs://bucket or gs://bucket/prefix, with a bucket's name of Google Cloud Storage"

/** Whether a text means a bucket and not a path of this machine. It may still be a wrong one. */
export function isBucketUri(text: string): boolean {
  return text.startsWith("gs://")
}

/** @returns undefined where the text breaks {@link BUCKET_URI_RULE} */
export function parseBucketUri(text: string): BucketPlace | undefined {
  const [, bucket, prefix = ""] = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? []
  const plain = prefix.replace(/\/$/, "")
  if (
    bucket === undefined ||
    (plain !== "" && plain.split("/").some((part) => /^(?:\.{0,2}|.*[*?\\].*)$/.test(part)))
  )
    return undefined
  return { bucket, prefix: plain }
}
