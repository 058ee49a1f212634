import { BarsCard, StackCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import { useChoice } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"
import { CohortMap } from "./cohort-map.tsx"
import { Customer } from "./customer.tsx"
import { SegmentGrid } from "./grid.tsx"
import { CustomerList } from "./list.tsx"

export const customers: PageDeclaration = {
  name: "customers",
  title: "Customers",
  question: "Who buys, and who comes back?",
  needs: "segment_customers",
  wants: { dimensions: ["first_channel", "age_group", "gender"] },
  component: Customers,
}

function Customers() {
  const [customer, open] = useChoice("customer")
  return (
    <>
      <Figures metrics={["new_customers", "returning_customers", "customers"]} operators={["+", "="]} />
      <StackCard metrics={["new_customers", "returning_customers"]} title="New and returning customers" />
      <CohortMap />
      <Figures metrics={["repeat_rate", "sales_per_customer", "units_per_order"]} />
      <div class="grid">
        <SegmentGrid />
        <BarsCard
          metrics={["segment_customers", "segment_sales"]}
          title="Segments"
          by="segment"
          note="Of all that was bought so far, whatever the period."
          of="now"
        />
      </div>
      <CustomerList open={open} />
      <div class="grid">
        <BarsCard metrics={["customers", "sales_per_customer"]} by="country" />
        <BarsCard metrics={["customers", "repeat_rate"]} by="first_channel" />
        <BarsCard metrics={["customers", "sales_per_customer"]} by="age_group" />
        <BarsCard metrics={["customers", "sales_per_customer"]} by="gender" />
      </div>
      {customer !== undefined && customer !== "" && (
        <Customer key={customer} customer={customer} close={() => open(undefined)} />
      )}
    </>
  )
}
