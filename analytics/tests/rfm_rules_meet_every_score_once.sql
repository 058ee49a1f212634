-- Each of the 125 scores meets exactly one rule.
with digits as (

    select 1 as score
    {% for score in range(2, 6) %}union all select {{ score }} {% endfor %}

)

select recency.score as recency_score, frequency.score as frequency_score, monetary.score as monetary_score, count(segments.segment) as rules
from digits as recency
cross join digits as frequency
cross join digits as monetary
left join {{ ref('rfm_segments') }} as segments
    on recency.score between segments.recency_from and segments.recency_to
    and frequency.score between segments.frequency_from and segments.frequency_to
    and monetary.score between segments.monetary_from and segments.monetary_to
group by recency.score, frequency.score, monetary.score
having count(segments.segment) <> 1
