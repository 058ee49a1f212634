import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { ErrorReply } from "./api.ts"

/** A request that the server answers with a status of its own; no failure. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode
  readonly code: string
  readonly next: string | undefined

  constructor(status: ContentfulStatusCode, code: string, message: string, next?: string) {
    super(message)
    this.status = status
    this.code = code
    this.next = next
  }
}

export function errorReply(
  code: string,
  message: string,
  choices: readonly string[] = [],
  next?: string,
): ErrorReply {
  return { error: { code, message, choices, next } }
}
