/**
 * Notices when the service is waited for too long; the time that the other side of a stream takes does not count. The client has
 * no such limit of its own, and waits for ever.
 */
export class Silence {
  readonly #timer: NodeJS.Timeout
  #waiting = true

  /** @param broken told once, with what to throw */
  constructor(longestMs: number, broken: (error: Error) => void) {
    this.#timer = setTimeout(() => {
      if (this.#waiting) broken(new Error(`premature close: silence for ${longestMs / 1000} s`))
    }, longestMs)
  }

  /** From now on the service is waited for. */
  begin(): void {
    this.#waiting = true
    this.#timer.refresh()
  }

  /** It gave a sign; whoever is waited for still is. */
  interrupt(): void {
    this.#timer.refresh()
  }

  /** It has answered. */
  pause(): void {
    this.#waiting = false
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
