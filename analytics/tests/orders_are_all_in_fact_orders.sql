-- Every order header, and every order that only its items name; and the amounts of all items.
select orders.order_count, named.order_count as named_orders, orders.amount, items.amount as item_amount
from (select count(*) as order_count, coalesce(sum(amount), 0) as amount from {{ ref('fact_orders') }}) as orders
cross join (
    select count(*) as order_count
    from (
        select source_name, order_id from {{ ref('orders') }}
        union distinct
        select source_name, order_id from {{ ref('fact_order_items') }}
    ) as every_order
) as named
cross join (select coalesce(sum(amount), 0) as amount from {{ ref('fact_order_items') }}) as items
where orders.order_count <> named.order_count or orders.amount <> items.amount
