import { useState } from "preact/hooks"
import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Card } from "../../parts/card.tsx"
import { useAnswer } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"
import { Steps } from "./steps.tsx"

export const funnel: PageDeclaration = {
  name: "funnel",
  title: "Funnel",
  question: "Where do visitors leave before they buy?",
  needs: "sessions",
  component: Funnel,
}

const STEPS = ["sessions", "product_sessions", "cart_sessions", "purchase_sessions"]

function Funnel() {
  const [attempt, setAttempt] = useState(0)
  const answer = useAnswer({ metrics: STEPS }, attempt)
  const worth = useAnswer({ metrics: ["average_order_value"] }, attempt)
  const value = worth.asked.state === "there" ? worth.asked.reply : undefined
  return (
    <>
      <Card
        title="From a visit to a purchase"
        note="A step counts only in sessions that took the steps before it."
        answer={answer}
        retry={() => setAttempt(attempt + 1)}
        wide
      >
        {(reply) => (
          <Steps
            reply={reply}
            steps={STEPS}
            order={value?.rows[0]?.values["average_order_value"] ?? 0}
            currency={value?.currency}
          />
        )}
      </Card>
      <div class="grid">
        <BarsCard metrics={["product_sessions", "cart_rate", "checkout_rate"]} title="Funnel" by="channel" />
        <BarsCard
          metrics={["product_sessions", "cart_rate", "checkout_rate"]}
          title="Funnel"
          by="browser_name"
        />
        <BarsCard
          metrics={["product_sessions", "cart_rate", "checkout_rate"]}
          title="Funnel"
          by="category"
          note="A session counts in each category that it looked at"
          limit={12}
        />
        <BarsCard
          metrics={["product_sessions", "cart_rate", "checkout_rate"]}
          title="Funnel"
          by="country"
          limit={12}
        />
      </div>
      <TrendCard metric="conversion_rate" />
    </>
  )
}
