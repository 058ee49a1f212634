/** One JS function under construction: what it awaits, its temporaries and its output buffers. */
export class FunctionFrame {
  readonly #counter: { next: number }
  readonly #temporaries: string[] = []
  #awaits = false

  /** @param counter shared by all functions of a template, so that names never clash */
  constructor(counter: { next: number }) {
    this.#counter = counter
  }

  temporary(): string {
    const name = `c${this.#counter.next++}`
    this.#temporaries.push(name)
    return name
  }

  /** A fresh name without declaration. */
  fresh(prefix: string): string {
    return `${prefix}${this.#counter.next++}`
  }

  /** Waits for the value of a call if it is a promise, and only then. */
  awaited(call: string): string {
    this.#awaits = true
    const temp = this.temporary()
    return `((${temp} = ${call}) instanceof Promise ? ((await ${temp}) ?? null) : ${temp})`
  }

  /**
   * The whole function. Failures get the place that `p` has; how deep functions call each other is counted.
   * @param start offset that stands for the function before anything in it was reached
   */
  wrap(parameters: readonly string[], body: string, start: number): string {
    const variables = [`p = ${start}`, ...this.#temporaries].join(", ")
    const kind = this.#awaits ? "async function" : "function"
    return `${kind} (${parameters.join(", ")}) {
let ${variables};
try {
cx.enter();
${body}} catch (error) {
throw cx.fail(error, p);
} finally {
cx.leave();
}
}`
  }
}
