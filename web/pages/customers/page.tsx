import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import { metricOf, usePage } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"

export const customers: PageDeclaration = {
  name: "customers",
  title: "Customers",
  question: "Who buys, and who comes back?",
  needs: "customers",
  component: Customers,
}

function Customers() {
  const { shop } = usePage()
  const isKnown = metricOf(shop, "sessions")?.missing === undefined
  return (
    <>
      <Figures metrics={["new_customers", "returning_customers", "customers"]} operators={["+", "="]} />
      <TrendCard metric="customers" />
      <Figures metrics={["repeat_rate", "sales_per_customer", "units_per_order"]} />
      <div class="grid">
        <BarsCard metrics={["customers", "sales_per_customer"]} by="country" />
        {isKnown && <BarsCard metrics={["customers", "repeat_rate"]} by="first_channel" />}
        {isKnown && <BarsCard metrics={["customers", "sales_per_customer"]} by="age_group" />}
        {isKnown && <BarsCard metrics={["customers", "sales_per_customer"]} by="gender" />}
      </div>
    </>
  )
}
