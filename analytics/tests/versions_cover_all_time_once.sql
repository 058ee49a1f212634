-- Of each customer and product, the versions' spans touch, begin with the first moment and end with the last.
{% for dimension, key in [['dim_customers', 'customer_durable_key'], ['dim_products', 'product_durable_key']] %}
select '{{ dimension }}' as dimension, {{ key }} as durable_key, valid_from, previous_end
from (
    select
        {{ key }},
        valid_from,
        valid_to,
        lag(valid_to) over (partition by {{ key }} order by valid_from) as previous_end,
        lead(valid_from) over (partition by {{ key }} order by valid_from) as next_start
    from {{ ref(dimension) }}
) as spans
where coalesce(previous_end, {{ start_of_time() }}) <> valid_from
    or (next_start is null and valid_to <> {{ end_of_time() }})
{{ 'union all' if not loop.last }}
{% endfor %}
