import { useEffect, useState } from "preact/hooks"
import type { ErrorReply } from "../../src/server/api.ts"
import { frozen, known } from "./known.ts"

export type Asked<T> =
  | { state: "loading"; before: T | undefined }
  | { state: "failed"; message: string }
  | { state: "there"; reply: T }

/** Dispatched on the window when the server wants to know who asks. */
export const SIGN_IN = "cartwright-sign-in"

/** Asks the server; what is asked no more is broken off. */
export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  const told = toldOf<T>(path)
  if (told?.state === "there") return told.reply
  if (told?.state === "failed") throw new Error(told.message)
  if (frozen !== undefined) throw new Error("This copy of the dashboard does not hold these numbers")
  let reply: Response
  try {
    reply = await fetch(path, signal === undefined ? {} : { signal })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new Error("The server does not answer. Is `cartwright serve` still running?", { cause })
  }
  if (reply.status === 401) dispatchEvent(new Event(SIGN_IN))
  if (!reply.ok) throw await failureOf(reply)
  return (await reply.json()) as T
}

/** Sends a change to the server. */
export async function send(method: "POST" | "DELETE", path: string, body: object = {}): Promise<void> {
  const headers = { "content-type": "application/json" }
  const reply = await fetch(path, { method, headers, body: JSON.stringify(body) })
  if (!reply.ok) throw await failureOf(reply)
}

async function failureOf(reply: Response): Promise<Error> {
  return new Error(textOf((await reply.json()) as ErrorReply))
}

function textOf({ error }: ErrorReply): string {
  return `${error.message}. ${error.next ?? ""}`.trim()
}

/** What is known of an address without asking the server. */
function toldOf<T>(path: string): Extract<Asked<T>, { state: "there" | "failed" }> | undefined {
  const told = known(path)
  if (told === undefined) return undefined
  const failed = typeof told === "object" && told !== null && "error" in told
  return failed
    ? { state: "failed", message: textOf(told as ErrorReply) }
    : { state: "there", reply: told as T }
}

/** What there is to show: the reply, or while another is on its way the one before. */
export function shownOf<T>(asked: Asked<T>): T | undefined {
  if (asked.state === "there") return asked.reply
  return asked.state === "loading" ? asked.before : undefined
}

/** The reply of an address; meanwhile the one before, so that nothing jumps. No address asks nothing. */
export function useAsked<T>(path: string | undefined, attempt = 0): Asked<T> {
  const [asked, setAsked] = useState<Asked<T>>(
    () => (path === undefined ? undefined : toldOf<T>(path)) ?? { state: "loading", before: undefined },
  )
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
