/** What an examination found of one thing. */
export interface Finding {
  /** What was looked at: `node`, `dataset gold`. */
  subject: string
  /**
   * `missing`: the shop will not run so. `warning`: it runs, and something is lost. `unknown`: it could not be looked at, which says
   * nothing about it.
   */
  status: "ok" | "warning" | "missing" | "unknown"
  /** A sentence without a full stop at its end. */
  detail: string
  /** What mends it: lines for a shell, or a sentence where no command can. */
  mend: string[]
}

export function fine(subject: string, detail: string): Finding {
  return { subject, status: "ok", detail, mend: [] }
}

export function lacking(subject: string, detail: string, ...mend: string[]): Finding {
  return { subject, status: "missing", detail, mend }
}

export function doubtful(subject: string, detail: string, ...mend: string[]): Finding {
  return { subject, status: "warning", detail, mend }
}

export function untold(subject: string, detail: string, ...mend: string[]): Finding {
  return { subject, status: "unknown", detail, mend }
}
