import { Environment, JinjaError } from "./index.ts"

export const environment = new Environment()

export const render = (source: string, context: Record<string, unknown> = {}): Promise<string> =>
  environment.compile(source, "models/a.sql").render(context)

/** The error that rendering a template ends with. */
export async function failure(source: string, context: Record<string, unknown> = {}): Promise<JinjaError> {
  try {
    await render(source, context)
  } catch (error) {
    if (error instanceof JinjaError) return error
    throw error
  }
  throw new Error(`no error: ${source}`)
}
