{{ config(enabled=(target.type == 'bigquery' or var('reporting', false))) }}

-- How many customers there are of each kind, and what they bought. No row is of one customer's name or address.
select
    source_name as source,
    currency,
    segment,
    country,
    recency_score,
    frequency_score,
    monetary_score,
    count(*) as customers,
    {{ total('frequency') }} as orders,
    {{ total('recency_days') }} as days_since_last_order,
    {{ money_total('monetary') }} as net_sales
from {{ ref('agg_customer_segments') }}
group by source_name, currency, segment, country, recency_score, frequency_score, monetary_score
