import { useState } from "preact/hooks"
import { send } from "../state/ask.ts"

/** Asks who the reader is. */
export function SignIn({ done }: { done: () => void }) {
  const [problem, setProblem] = useState<string>()
  const [sending, setSending] = useState(false)
  const signIn = async (form: HTMLFormElement) => {
    const fields = new FormData(form)
    setSending(true)
    try {
      await send("POST", "/api/session", Object.fromEntries(fields))
      done()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
      form.querySelector<HTMLInputElement>("[name=password]")?.select()
    } finally {
      setSending(false)
    }
  }
  return (
    <main class="alone">
      <form
        class="card sign-in"
        onSubmit={(event) => {
          event.preventDefault()
          void signIn(event.currentTarget)
        }}
      >
        <h1>Sign in</h1>
        <label>
          Name
          <input name="name" autocomplete="username" autocapitalize="none" required autoFocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {problem !== undefined && <p role="alert">{problem}</p>}
        <button type="submit" class="primary" disabled={sending}>
          {sending ? "Signing in …" : "Sign in"}
        </button>
      </form>
    </main>
  )
}
