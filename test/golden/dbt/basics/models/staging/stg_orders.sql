{{ config(meta={'b': 2}, tags=['stg']) }}
select order_id, customer_id, cast(amount as decimal(18,2)) as amount, ordered_at
from {{ ref('raw_orders') }}
where {{ is_recent('ordered_at') }}
