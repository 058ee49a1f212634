with c as (select * from {{ ref('stg_customers') }}), o as (select * from {{ ref('eph') }})
select c.customer_id, c.name, coalesce(o.orders, 0) as orders, '{{ var("greeting") }}' as greeting, {{ var('ratio') }} as ratio
from c left join o using (customer_id)
