import { useState } from "preact/hooks"
import type { DataReply } from "../../../src/server/api.ts"
import { Waiting } from "../../parts/waiting.tsx"
import { useAsked } from "../../state/ask.ts"
import type { PageDeclaration } from "../pages.ts"
import { Deliveries } from "./deliveries.tsx"
import { Failures } from "./failures.tsx"
import { Lineage } from "./lineage.tsx"
import { Profile } from "./profile.tsx"
import { Rows } from "./rows.tsx"
import { Runs } from "./runs.tsx"

export const data: PageDeclaration = {
  name: "data",
  title: "Data",
  question: "What was delivered, what became of it, and what is wrong with it?",
  component: Data,
}

function Data() {
  const [attempt, setAttempt] = useState(0)
  const asked = useAsked<DataReply>("/api/data", attempt)
  return (
    <Waiting asked={asked} retry={() => setAttempt(attempt + 1)}>
      {(reply) => <Known reply={reply} />}
    </Waiting>
  )
}

function Known({ reply }: { reply: DataReply }) {
  if (reply.datasets.length === 0)
    return <p class="nothing">This version was published without quality records.</p>
  return (
    <>
      <Rows datasets={reply.datasets} />
      <Failures failures={reply.failures} screens={reply.screens} />
      <Lineage />
      <div class="grid">
        <Profile columns={reply.columns} />
        <Deliveries deliveries={reply.deliveries} />
      </div>
      <Runs />
    </>
  )
}
