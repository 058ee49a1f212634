{{ config(
    materialized='incremental', unique_key=['source_name', 'currency', 'customer_durable_key', 'month_start'],
    post_hook="{{ cartwright.purge_mart('buyers', 'customer_durable_key') }}"
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_buyers(moment) %}
{%- set months_since = '(extract(year from month_start) - extract(year from cohort_month)) * 12 + extract(month from month_start) - extract(month from cohort_month)' %}

with months as (

    select
        source_name,
        currency,
        customer_durable_key,
        {{ month_of(date_of('sold_at')) }} as month_start,
        count(distinct case when line_kind = 'sale' then invoice_no end) as orders,
        {{ money_total('net_amount') }} as net_sales
    from ({{ rows_of(ref('fact_sales'), ['customer_durable_key'], looked_at, moment) | indent(4) }}) as sales
    where customer_durable_key > 0 and date_key > 0
    group by source_name, currency, customer_durable_key, month_start

),

-- A customer belongs to the month of the first purchase.
cohorts as (

    select *, min(case when orders > 0 then month_start end) over (partition by customer_durable_key) as cohort_month
    from months

)

select
    source_name,
    currency,
    customer_durable_key,
    month_start,
    cohort_month,
    {{ months_since }} as months_since,
    orders,
    net_sales,
    {{ moment.cut }} as _cut
from cohorts
-- What came back before the first purchase that is known belongs to no cohort.
where month_start >= cohort_month
