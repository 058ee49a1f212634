import { useState } from "preact/hooks"
import type { RunsReply } from "../../../src/server/api.ts"
import { momentText, shown } from "../../format.ts"
import { Waiting } from "../../parts/waiting.tsx"
import { useAsked } from "../../state/ask.ts"

const TONES: Record<string, string> = { done: "good", failed: "bad", killed: "bad", interrupted: "bad" }

export function Runs() {
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<RunsReply>("/api/runs", attempt)
  return (
    <section class="card" aria-busy={asked.state === "loading"}>
      <header>
        <h2>Runs</h2>
      </header>
      <Waiting asked={asked} retry={() => setAttempt(attempt + 1)}>
        {({ runs }) =>
          runs.length === 0 ? (
            <p class="nothing">No run has left a record here.</p>
          ) : (
            <div class="scroll" tabIndex={0}>
              <table class="spaced">
                <thead>
                  <tr>
                    <th scope="col">Began</th>
                    <th scope="col">Command</th>
                    <th scope="col">Ended</th>
                    <th scope="col" class="number">
                      Seconds
                    </th>
                    <th scope="col">Steps</th>
                  </tr>
                </thead>
                <tbody>
                  {runs.map((run) => (
                    <tr key={run.run}>
                      <th scope="row">{momentText(run.startedAt)}</th>
                      <td>{run.command}</td>
                      <td>
                        <span class={`change ${TONES[run.status] ?? ""}`}>{run.status}</span>
                        {run.errors.map((error, i) => (
                          <p key={i} class="note">
                            {error}
                          </p>
                        ))}
                      </td>
                      <td class="number">
                        {run.endedAt === undefined
                          ? "–"
                          : shown(
                              (Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000,
                              "hours",
                              undefined,
                            )}
                      </td>
                      <td>
                        {run.steps
                          .map(
                            ({ name, status, seconds }) =>
                              `${name} ${seconds === undefined ? status : `${shown(seconds, "hours", undefined)} s`}`,
                          )
                          .join(" · ")}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Waiting>
    </section>
  )
}
