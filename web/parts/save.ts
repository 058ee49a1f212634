/** Hands a file to the reader. */
export function save(name: string, file: Blob): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  // Some browsers read it only after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** A file's name from a title. */
export function fileName(title: string, ending: string): string {
  return `${title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.${ending}`
}
