import { CartwrightError } from "../core/errors.ts"

/** What is known of an object without reading it. */
export interface ObjectInfo {
  key: string
  /** Bytes. */
  size: number
  /** Changes whenever the content may have changed: size and mtime on disk, generation or etag in a bucket. */
  version: string
  /** Hex md5 where the store keeps one. */
  md5?: string
  /** Hex CRC32C where the store keeps one. */
  crc32c?: string
  modified: Date
}

/** Bytes by key: local disk, GCS, S3. Keys are relative, `/`-separated, without empty, `.` or `..` parts. */
export interface Storage {
  /** For people and manifests: an absolute path or `gs://bucket/prefix`. */
  readonly uri: string
  /** The objects whose keys begin with `prefix`. What an interrupted write left is no object. */
  list(prefix: string): AsyncIterable<ObjectInfo>
  stat(key: string): Promise<ObjectInfo | undefined>
  /** The bytes in order, in chunks. Throws, at the first chunk, CartwrightError `lake` when there is no such object. */
  read(key: string): AsyncIterable<Uint8Array>
  /**
   * Writes all or nothing, and only where no object is: returns false, changing nothing, where one is.
   * `content` is read to its end in both cases. When it throws, nothing is written and its error is passed on.
   * @throws CartwrightError `environment` on a full disk or a missing permission
   */
  writeIfAbsent(key: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<boolean>
  /** A path that a local engine can open in place, where the store is a local disk. */
  localPath?(key: string): string
}

/** Returns the key. @throws CartwrightError `lake` when it could lead out of the store */
export function checkKey(key: string): string {
  const sound = key !== "" && key.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  if (!sound || key.includes("\0") || key.includes("\\")) {
    throw new CartwrightError("lake", `"${key}" is no sound object key`, {
      next: "Keys are relative paths with / between their parts, without empty, . or .. parts.",
    })
  }
  return key
}
