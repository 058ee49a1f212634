select daily.delivered_lines, sales.line_count, daily.delivered_amount, sales.amount
from (
    select coalesce(sum(delivered_lines), 0) as delivered_lines, coalesce(sum(delivered_amount), 0) as delivered_amount,
        coalesce(sum(net_sales), 0) as net_sales,
        coalesce(sum(gross_sales - returns + non_product_amount + adjustment_amount), 0) as parts
    from {{ ref('agg_daily_sales') }}
) as daily
cross join (
    select count(*) as line_count, coalesce(sum(amount), 0) as amount, coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('fact_sales') }}
) as sales
where daily.delivered_lines <> sales.line_count or daily.delivered_amount <> sales.amount or daily.net_sales <> sales.net_amount
