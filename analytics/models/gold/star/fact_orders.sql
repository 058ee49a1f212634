{{ config(
    materialized='incremental', unique_key='order_key',
    post_hook="{{ cartwright.purge_facts('orders', 'order_key') }}",
    partition_by=on_bigquery(by_month('ordered_at')), cluster_by=on_bigquery(['customer_durable_key'])
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed('orders', moment) %}
{%- if not moment.all %}
{%- set looked_at %}
{{ looked_at }}
union distinct
select source_name, order_id from {{ ref('fact_order_items') }} where _cut > {{ moment.since }}
union distinct
{{ rows_to_rekey(['source_name', 'order_id'], 'ordered_at', [['dim_customers', 'customer', ['location_key', 'traffic_source_key']]], moment) }}
{%- endset %}
{%- endif %}

with headers as (

{{ rows_of(ref('orders'), ['source_name', 'order_id'], looked_at, moment) }}

),

lines as (

    select
        source_name,
        order_id,
        max(customer_durable_key) as customer_durable_key,
        min(ordered_at) as ordered_at,
        min(shipped_at) as shipped_at,
        max(delivered_at) as delivered_at,
        min(returned_at) as returned_at,
        case when min(order_status_key) = max(order_status_key) then min(order_status_key) else -1 end as order_status_key,
        max(location_key) as location_key,
        max(currency) as currency,
        count(*) as item_count,
        {{ total('quantity') }} as units,
        {{ money_total('amount') }} as amount,
        {{ money_total('gross_amount') }} as gross_amount,
        {{ money_total('return_amount') }} as return_amount,
        {{ money_total('net_amount') }} as net_amount,
        {{ value_at_least('audit_key', rank_with_key(unix_micros('ordered_at'), 'order_item_key')) }} as audit_key
    from ({{ rows_of(ref('fact_order_items'), ['source_name', 'order_id'], looked_at, moment) | indent(4) }}) as items
    group by source_name, order_id

),

-- Headers without items and items without a header both count: an order exists once either names it.
orders as (

    select
        coalesce(headers.source_name, lines.source_name) as source_name,
        coalesce(headers.order_id, lines.order_id) as order_id,
        headers.order_id is not null as has_header,
        headers.customer_id,
        lines.customer_durable_key as line_customer_durable_key,
        coalesce(headers.ordered_at, lines.ordered_at) as ordered_at,
        case when headers.order_id is not null then headers.shipped_at else lines.shipped_at end as shipped_at,
        case when headers.order_id is not null then headers.delivered_at else lines.delivered_at end as delivered_at,
        case when headers.order_id is not null then headers.returned_at else lines.returned_at end as returned_at,
        case
            when headers.order_status is not null then {{ key_of(['headers.order_status']) }}
            else coalesce(lines.order_status_key, -1)
        end as order_status_key,
        lines.location_key,
        lines.currency,
        headers.declared_item_count,
        coalesce(lines.item_count, 0) as item_count,
        coalesce(lines.units, 0) as units,
        coalesce(lines.amount, 0) as amount,
        coalesce(lines.gross_amount, 0) as gross_amount,
        coalesce(lines.return_amount, 0) as return_amount,
        coalesce(lines.net_amount, 0) as net_amount,
        -- Of the header, else of the first item.
        coalesce(case when headers.order_id is not null then audits.audit_key else lines.audit_key end, -1) as audit_key
    from headers
    full join lines on lines.source_name = headers.source_name and lines.order_id = headers.order_id
    left join {{ audit_keys() }} as audits on audits.landing_id = headers.landing_id

),

-- The customer whom the header names, else the one whom the items name.
customers as (

    select customer_key, customer_durable_key, source_name, customer_id, location_key, traffic_source_key, valid_from, valid_to
    from {{ ref('dim_customers') }}
    where customer_durable_key > 0

),

located as (

    select
        orders.*,
        coalesce(by_header.customer_durable_key, by_line.customer_durable_key, -1) as customer_durable_key,
        coalesce(by_header.customer_key, by_line.customer_key, -1) as customer_key,
        coalesce(by_header.location_key, by_line.location_key, -1) as customer_location_key,
        coalesce(by_header.traffic_source_key, by_line.traffic_source_key, -1) as traffic_source_key
    from orders
    left join customers as by_header
        on by_header.source_name = orders.source_name
        and by_header.customer_id = orders.customer_id
        and {{ valid_at('by_header', 'orders.ordered_at') }}
    left join customers as by_line
        on by_line.customer_durable_key = orders.line_customer_durable_key
        and {{ valid_at('by_line', 'orders.ordered_at') }}

)

select
    {{ key_of(['located.source_name', 'located.order_id']) }} as order_key,
    located.source_name,
    located.order_id,
    located.has_header,
    located.ordered_at,
    located.shipped_at,
    located.delivered_at,
    located.returned_at,
    {{ date_key('located.ordered_at') }} as date_key,
    {{ date_key('located.shipped_at', missing=-2) }} as shipped_date_key,
    {{ date_key('located.delivered_at', missing=-2) }} as delivered_date_key,
    {{ date_key('located.returned_at', missing=-2) }} as returned_date_key,
    located.customer_key,
    located.customer_durable_key,
    located.order_status_key,
    coalesce(located.location_key, located.customer_location_key) as location_key,
    located.traffic_source_key,
    case when located.shipped_at >= located.ordered_at
        then {{ hours_between('located.ordered_at', 'located.shipped_at') }} end as hours_to_ship,
    case when located.delivered_at >= located.shipped_at
        then {{ hours_between('located.shipped_at', 'located.delivered_at') }} end as hours_to_deliver,
    coalesce(
        located.shipped_at < located.ordered_at or located.delivered_at < located.shipped_at or located.returned_at < located.delivered_at,
        false
    ) as has_time_conflict,
    statuses.is_open,
    statuses.is_cancelled,
    statuses.is_returned,
    located.declared_item_count,
    located.item_count,
    located.units,
    located.currency,
    located.amount,
    located.gross_amount,
    located.return_amount,
    located.net_amount,
    located.audit_key,
    {{ moment.cut }} as _cut
from located
inner join {{ ref('dim_order_statuses') }} as statuses on statuses.order_status_key = located.order_status_key
{{ in_time_order('located.ordered_at') }}
