{{ config(
    materialized='incremental', unique_key=['source_name', 'currency', 'customer_durable_key'],
    post_hook="{{ cartwright.purge_mart('buyers', 'customer_durable_key') }}"
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_buyers(moment) %}

select
    source_name,
    currency,
    customer_durable_key,
    max(case when line_kind = 'sale' then {{ date_of('sold_at') }} end) as last_purchase_on,
    min(case when line_kind = 'sale' then {{ date_of('sold_at') }} end) as first_purchase_on,
    count(distinct case when line_kind = 'sale' then invoice_no end) as frequency,
    {{ money_total('net_amount') }} as monetary,
    {{ moment.cut }} as _cut
from ({{ rows_of(ref('fact_sales'), ['customer_durable_key'], looked_at, moment) }}) as sales
where customer_durable_key > 0 and date_key > 0
group by source_name, currency, customer_durable_key
