{{ config(
    materialized='incremental', unique_key='order_key',
    post_hook="{{ cartwright.purge_facts('orders', 'order_key') }}",
    partition_by=on_bigquery(by_month('ordered_at')), cluster_by=on_bigquery(['customer_durable_key'])
) }}
{%- set moment = moment(entities=true) %}
{%- set changed_orders = changed('orders', moment) %}
{%- set visitors = changed_visitors(moment) %}
{%- set apart = 'abs(' ~ unix_micros('events.occurred_at') ~ ' - ' ~ unix_micros('orders.ordered_at') ~ ')' %}
{%- set nearness = rank_with_key(apart, 'events.event_key') %}

-- One row per order of whatever source, with what is known about it in words.
with orders as (

    select found.*
    from {{ ref('fact_orders') }} as found
    {%- if not moment.all %}
    where found._cut > {{ moment.since }}
        -- Which order of a customer one is depends on the others; the customer's name and place are here too.
        or found.customer_durable_key in (
            select customer_durable_key from {{ ref('fact_orders') }} where _cut > {{ moment.since }} and customer_durable_key > 0
            union distinct
            select customer_durable_key from {{ ref('dim_customers') }} where _cut > {{ moment.since }} and customer_durable_key > 0
            union distinct
            select earlier.customer_durable_key
            from {{ this }} as earlier
            inner join ({{ changed_orders | indent(12) }}) as looked_at
                on looked_at.source_name = earlier.source_name and looked_at.order_id = earlier.order_id
            where earlier.customer_durable_key > 0
            union distinct
            {{ visitors | indent(12) }}
        )
    {%- endif %}

),

-- Looked for by type and customer before all else: these are few of the events.
purchase_events as (

    select customer_durable_key, occurred_at, event_key, session_key, traffic_source_key, browser_key
    from {{ ref('fact_events') }}
    where event_type_key in (select event_type_key from {{ ref('dim_event_types') }} where funnel_step = 'purchase')
        and customer_durable_key in (select customer_durable_key from orders where customer_durable_key > 0)

),

-- The same customer's purchase that is nearest in time tells how the order came about; beyond an hour it is of another order.
purchases as (

    select
        orders.order_key,
        {{ value_at_least('events.session_key', nearness) }} as session_key,
        {{ value_at_least('events.traffic_source_key', nearness) }} as traffic_source_key,
        {{ value_at_least('events.browser_key', nearness) }} as browser_key
    from orders
    inner join purchase_events as events on events.customer_durable_key = orders.customer_durable_key
    where {{ apart }} <= 3600000000
    group by orders.order_key

),

described as (

    select
        orders.order_key,
        orders.source_name,
        orders.order_id,
        orders.ordered_at,
        orders.date_key,
        dates.date_day as ordered_on,
        orders.customer_durable_key,
        customers.customer_id,
        customers.customer_name,
        customers.country as customer_country,
        case
            when orders.customer_durable_key < 0 then null
            else row_number() over (partition by orders.customer_durable_key order by orders.ordered_at, orders.order_id)
        end as order_number_of_customer,
        statuses.order_status,
        orders.is_open,
        orders.is_cancelled,
        orders.is_returned,
        orders.has_header,
        orders.declared_item_count,
        orders.item_count,
        orders.units,
        orders.currency,
        orders.amount,
        orders.gross_amount,
        orders.return_amount,
        orders.net_amount,
        orders.hours_to_ship,
        orders.hours_to_deliver,
        customers.traffic_source as acquisition_traffic_source,
        coalesce(purchases.traffic_source_key, orders.traffic_source_key) as traffic_source_key,
        coalesce(purchases.browser_key, -2) as browser_key,
        coalesce(purchases.session_key, -2) as session_key,
        case
            when purchases.order_key is not null then 'purchase event'
            when orders.traffic_source_key > 0 then 'customer'
            else 'unattributed'
        end as attribution,
        {{ moment.cut }} as _cut
    from orders
    inner join {{ ref('dim_dates') }} as dates on dates.date_key = orders.date_key
    inner join {{ ref('dim_customers') }} as customers on customers.customer_key = orders.customer_key
    inner join {{ ref('dim_order_statuses') }} as statuses on statuses.order_status_key = orders.order_status_key
    left join purchases on purchases.order_key = orders.order_key

)

select described.*
from described
{%- if not moment.all %}
-- The customer's other orders are written only where something of them became another.
inner join orders on orders.order_key = described.order_key
left join {{ this }} as before on before.order_key = described.order_key
where orders._cut > {{ moment.since }}
    or before.order_key is null
    {%- for column in ['customer_id', 'customer_name', 'customer_country', 'order_number_of_customer', 'acquisition_traffic_source',
        'traffic_source_key', 'browser_key', 'session_key', 'attribution'] %}
    or before.{{ column }} is distinct from described.{{ column }}
    {%- endfor %}
{%- endif %}
