{%- set moment = moment() %}
-- Recency, frequency, monetary value (RFM) of every customer who has an id and has bought a product.
-- The day after the source's last sale: data that ended years ago still tells recent from old.
with measured as (

    select
        *,
        {{ days_between('last_purchase_on', 'max(last_purchase_on) over (partition by source_name)') }} + 1 as recency_days
    from {{ ref('agg_customer_purchases') }}
    where frequency > 0

),

ranked as (

    select
        *,
        rank() over (partition by source_name order by recency_days desc) - 1 as less_recent,
        rank() over (partition by source_name order by frequency) - 1 as less_frequent,
        rank() over (partition by source_name order by monetary) - 1 as less_monetary,
        count(*) over (partition by source_name) as customers
    from measured

),

-- Quintiles of the customers, 5 is best. Equal values always get the same score.
scored as (

    select
        *,
        1 + {{ whole_quotient('5 * less_recent', 'customers') }} as recency_score,
        1 + {{ whole_quotient('5 * less_frequent', 'customers') }} as frequency_score,
        1 + {{ whole_quotient('5 * less_monetary', 'customers') }} as monetary_score
    from ranked

)

select
    scored.customer_durable_key,
    scored.source_name,
    customers.customer_id,
    customers.country,
    segments.segment,
    scored.recency_score,
    scored.frequency_score,
    scored.monetary_score,
    scored.recency_days,
    scored.frequency,
    scored.monetary,
    scored.currency,
    scored.first_purchase_on,
    scored.last_purchase_on,
    {{ moment.cut }} as _cut
from scored
inner join {{ ref('dim_customers') }} as customers
    on customers.customer_durable_key = scored.customer_durable_key and customers.is_current
inner join {{ ref('rfm_segments') }} as segments
    on scored.recency_score between segments.recency_from and segments.recency_to
    and scored.frequency_score between segments.frequency_from and segments.frequency_to
    and scored.monetary_score between segments.monetary_from and segments.monetary_to
