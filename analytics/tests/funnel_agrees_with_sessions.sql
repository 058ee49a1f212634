-- The overall row counts every session; channels, browsers and months split it; no step grows.
with per_dimension as (

    select dimension, sum(sessions) as sessions, sum(purchased) as purchased
    from {{ ref('agg_funnel') }}
    where dimension <> 'category'
    group by dimension

),

counted as (

    select count(*) as sessions, count(case when viewed_product and carted and purchased then 1 end) as purchased
    from {{ ref('fact_sessions') }}

)

select per_dimension.dimension as what, per_dimension.sessions, counted.sessions as expected
from per_dimension
cross join counted
where per_dimension.sessions <> counted.sessions or per_dimension.purchased <> counted.purchased

union all

select dimension, sessions, viewed_product
from {{ ref('agg_funnel') }}
where viewed_product > sessions or carted > viewed_product or purchased > carted
