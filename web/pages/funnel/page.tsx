import { useState } from "preact/hooks"
import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Card } from "../../parts/card.tsx"
import { Figures } from "../../parts/figures.tsx"
import { useAnswer } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"
import { LeakCard } from "./leak-card.tsx"
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
  const order = value?.rows[0]?.values["average_order_value"] ?? 0
  const leaks = { steps: STEPS, order, currency: value?.currency }
  return (
    <>
      <Card
        title="From a visit to a purchase"
        note="A step counts only in sessions that took the steps before it."
        answer={answer}
        retry={() => setAttempt(attempt + 1)}
        wide
      >
        {(reply) => <Steps reply={reply} {...leaks} />}
      </Card>
      <Figures metrics={["sourced_sales", "sales_per_visit", "conversion_rate"]} />
      <BarsCard
        metrics={["sessions", "conversion_rate", "sourced_orders", "sourced_sales", "sales_per_visit"]}
        title="What the sources bring"
        by="channel"
        note="An order belongs to the same customer's purchase nearest in time, at most an hour away; else to the channel by which the customer first came."
      />
      <div class="grid">
        <LeakCard by="channel" {...leaks} />
        <LeakCard by="browser_name" {...leaks} />
        <LeakCard by="category" note="A session counts in each category that it looked at." {...leaks} />
        <LeakCard by="country" {...leaks} />
        <BarsCard
          metrics={["sourced_orders", "sourced_sales"]}
          title="How the source of an order is known"
          by="attribution"
        />
      </div>
      <TrendCard metric="conversion_rate" />
    </>
  )
}
