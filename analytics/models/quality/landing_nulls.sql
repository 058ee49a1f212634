{{ config(
    materialized='incremental', unique_key=['landing_id', 'column_name'],
    post_hook="{{ cartwright.purge('landing_id', cartwright.remeasured_landings()) }}"
) }}
{%- set moment = moment() %}

-- How many of the accepted rows that a landing brought as news have no value, per column. A row that repeats the accepted row before
-- it in the order of versions is no news, so the numbers do not depend on the order in which landings arrive.
{% for source_name, data_set, key in logged_data_sets() %}
{%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) %}
{%- set columns = columns_of(source_name, data_set) | map(attribute='name') | list %}
select
    counted.landing_id,
    '{{ source_name }}' as source_name,
    '{{ data_set }}' as data_set,
    columns.column_name,
    counted.row_count,
    counted.row_count - case columns.column_name
        {%- for column in columns %}
        when '{{ column }}' then counted.has_{{ column }}
        {%- endfor %}
    end as null_count,
    {{ moment.cut }} as _cut
from (
    select
        log._landing_id as landing_id,
        {{ total('log.weight') }} as row_count,
        {%- for column in columns %}
        {{ total('case when log.' ~ column ~ ' is not null then log.weight else 0 end') }} as has_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        {%- if key is not none %}
        select log.*, 1 as weight
        from {{ log }} as log
        where log._op <> 'D' and not log._is_rejected
            and log._change_seq not in (
                select _replaced_by_seq from {{ ref('superseded_' ~ source_name ~ '__' ~ data_set) }} where is_repeat
            )
        {%- else %}
        -- Equal lines that one landing brings and takes away again are no news either.
        select lines.*, case when lines.from_last <= lines.net then 1 else 0 end as weight
        from (
            select
                *,
                sum(case when _op = 'D' then -1 else 1 end) over (partition by _landing_id, _row_hash) as net,
                row_number() over (partition by _landing_id, _row_hash, case when _op = 'D' then 1 else 0 end order by _change_seq) as from_last
            from {{ log }}
            where not _is_rejected
        ) as lines
        where lines._op <> 'D'
        {%- endif %}
    ) as log
    {%- if not moment.all %}
    where log._landing_id in (
        {{ kept(landings_since(source_name, data_set, key, moment)) }}
    )
    {%- endif %}
    group by log._landing_id
) as counted
cross join (
    {%- for column in columns %}
    select '{{ column }}' as column_name{{ ' union all' if not loop.last }}
    {%- endfor %}
) as columns
where counted.row_count > 0
{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows({
    'landing_id': 'text', 'source_name': 'text', 'data_set': 'text', 'column_name': 'text', 'row_count': 'integer',
    'null_count': 'integer', '_cut': 'integer',
}) }}
{% endfor %}
