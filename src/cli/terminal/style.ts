export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan"

const CODES: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

export function paint(style: Style, text: string): string {
  const [on, off] = CODES[style]
  return `\u001B[${on}m${text}\u001B[${off}m`
}

/** Whether to use colours: a terminal, and neither NO_COLOR (https://no-color.org) nor a dumb terminal. FORCE_COLOR overrides. */
export function wantsColor(
  terminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  if ((environment["NO_COLOR"] ?? "") !== "") return false
  if ((environment["FORCE_COLOR"] ?? "") !== "") return environment["FORCE_COLOR"] !== "0"
  return terminal && environment["TERM"] !== "dumb"
}
