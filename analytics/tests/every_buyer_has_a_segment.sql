-- Everyone with an id who bought a product on a day of the calendar has exactly one segment; nobody else has.
select buyers.buyer_count, segmented.customer_count
from (
    select count(distinct customer_durable_key) as buyer_count
    from {{ ref('fact_sales') }}
    where customer_durable_key > 0 and date_key > 0 and line_kind = 'sale'
) as buyers
cross join (select count(*) as customer_count from {{ ref('agg_customer_segments') }}) as segmented
where buyers.buyer_count <> segmented.customer_count
