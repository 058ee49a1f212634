/** Failed attempts to sign in, by whom; forgotten after a while. */
export interface Attempts {
  /** Seconds until the next attempt may be made; 0 for now. */
  wait(name: string, address: string): number
  failed(name: string, address: string): void
  /** Who knows the password has made no guesses. */
  succeeded(name: string, address: string): void
}

const WINDOW = 15 * 60_000
/** Of one address for one name, of one address for all names, and of all addresses for one name. */
const MOST = { pair: 5, address: 30, name: 100 }
/** Keys that are remembered; beyond, the oldest is forgotten. */
const REMEMBERED = 10_000

export function attempts(now: () => number): Attempts {
  const failures = new Map<string, { count: number; until: number }>()
  const keysOf = (name: string, address: string) =>
    [
      [JSON.stringify([name, address]), MOST.pair],
      [JSON.stringify([null, address]), MOST.address],
      [JSON.stringify([name, null]), MOST.name],
    ] as const
  const current = (key: string) => {
    const found = failures.get(key)
    return found !== undefined && found.until > now() ? found : { count: 0, until: now() + WINDOW }
  }
  return {
    wait: (name, address) =>
      Math.max(
        ...keysOf(name, address).map(([key, most]) => {
          const { count, until } = current(key)
          return count < most ? 0 : Math.ceil((until - now()) / 1000)
        }),
      ),
    failed(name, address) {
      for (const [key] of keysOf(name, address)) {
        const { count, until } = current(key)
        failures.delete(key)
        failures.set(key, { count: count + 1, until })
      }
      for (const key of failures.keys()) {
        if (failures.size <= REMEMBERED) break
        failures.delete(key)
      }
    },
    succeeded(name, address) {
      failures.delete(keysOf(name, address)[0][0])
    },
  }
}
