import { CartwrightError } from "../core/errors.ts"

/** Work that waits for its turn, so that many who ask at once slow each other down no more than they must. */
export interface Turns {
  /** @throws CartwrightError `locked` where too many wait, whatever `work` throws, and the signal's reason */
  take: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>
}

/**
 * @param atOnce how many work at the same time
 * @param waiting how many may wait
 */
export function turns(atOnce: number, waiting: number): Turns {
  let working = 0
  const queue: (() => void)[] = []
  const turn = (signal: AbortSignal) =>
    new Promise<void>((mine, gone) => {
      const begin = () => {
        signal.removeEventListener("abort", leave)
        working += 1
        mine()
      }
      const leave = () => {
        queue.splice(queue.indexOf(begin), 1)
        gone(signal.reason as Error)
      }
      if (working < atOnce) begin()
      else {
        signal.addEventListener("abort", leave)
        queue.push(begin)
      }
    })
  return {
    async take(signal, work) {
      signal.throwIfAborted()
      if (working >= atOnce && queue.length >= waiting)
        throw new CartwrightError("locked", "too many ask at once", {
          next: "Ask again in a moment.",
          state: "Nothing was asked.",
        })
      await turn(signal)
      try {
        return await work()
      } finally {
        working -= 1
        queue.shift()?.()
      }
    },
  }
}
