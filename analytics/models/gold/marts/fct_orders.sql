-- One row per order of whatever source, with what is known about it in words.
select
    orders.order_key,
    orders.source_name,
    orders.order_id,
    orders.ordered_at,
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
    -- No marketing source names an order yet.
    'unattributed' as attribution
from {{ ref('fact_orders') }} as orders
inner join {{ ref('dim_dates') }} as dates on dates.date_key = orders.date_key
inner join {{ ref('dim_customers') }} as customers on customers.customer_key = orders.customer_key
inner join {{ ref('dim_order_statuses') }} as statuses on statuses.order_status_key = orders.order_status_key
