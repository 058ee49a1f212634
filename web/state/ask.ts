import { useEffect, useState } from "preact/hooks"
import type { ErrorReply } from "../../src/server/api.ts"

export type Asked<T> =
  | { state: "loading"; before: T | undefined }
  | { state: "failed"; message: string }
  | { state: "there"; reply: T }

/** Asks the server; what is asked no more is broken off. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  let reply: Response
  try {
    reply = await fetch(path, signal === undefined ? {} : { signal })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new Error("The server does not answer. Is `cartwright serve` still running?", { cause })
  }
  if (reply.ok) return (await reply.json()) as T
  const { error } = (await reply.json()) as ErrorReply
  throw new Error(`${error.message}. ${error.next ?? ""}`.trim())
}

/** What there is to show: the reply, or while another is on its way the one before. */
export function shownOf<T>(asked: Asked<T>): T | undefined {
  if (asked.state === "there") return asked.reply
  return asked.state === "loading" ? asked.before : undefined
}

/** The reply of an address; meanwhile the one before, so that nothing jumps. No address asks nothing. */
export function useAsked<T>(path: string | undefined, attempt = 0): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>({ state: "loading", before: undefined })
  useEffect(() => {
    if (path === undefined) return undefined
    const leaving = new AbortController()
    setAsked((last) => ({
      state: "loading",
      before: last.state === "there" ? last.reply : last.state === "loading" ? last.before : undefined,
    }))
    ask<T>(path, leaving.signal).then(
      (reply) => setAsked({ state: "there", reply }),
      (error: unknown) => {
        if (!leaving.signal.aborted)
          setAsked({ state: "failed", message: error instanceof Error ? error.message : String(error) })
      },
    )
    return () => leaving.abort()
  }, [path, attempt])
  return asked
}
