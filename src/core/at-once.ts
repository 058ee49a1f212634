/** Does something with each value, so many at once, and returns when all is done. The first failure is thrown, and no more is begun. */
export async function atOnce<T>(
  values: readonly T[],
  most: number,
  work: (value: T) => Promise<void>,
): Promise<void> {
  const waiting = values.values()
  const worker = async () => {
    try {
      for (const value of waiting) await work(value)
    } catch (error) {
      while (waiting.next().done !== true);
      throw error
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, values.length) }, worker))
}
