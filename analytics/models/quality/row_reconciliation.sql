-- Every bronze row is current in silver or explained: rejected, repeated, replaced by a newer version, or deleted.
with counted as (
{% for source_name, data_set, key in logged_data_sets() %}
    {%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) %}
    {%- set stg = ref('stg_' ~ source_name ~ '__' ~ data_set) %}
    select
        '{{ source_name }}' as source_name,
        '{{ data_set }}' as data_set,
        (select count(*) from {{ source(source_name, data_set) }}) as bronze_rows,
        (select count(*) from {{ log }} where _is_rejected) as rejected_rows,
        {%- if key is not none %}
        {%- set superseded = ref('superseded_' ~ source_name ~ '__' ~ data_set) %}
        (select count(*) from {{ superseded }} where is_repeat) as repeated_rows,
        (select count(*) from {{ superseded }} where not is_repeat) as replaced_rows,
        (
            select count(*)
            from {{ log }} as log
            left join {{ superseded }} as superseded on superseded._change_seq = log._change_seq
            where log._op = 'D' and not log._is_rejected and superseded._change_seq is null
        ) as deleted_rows,
        {%- else %}
        0 as repeated_rows,
        (select count(*) from {{ log }} where _op = 'D' and not _is_rejected) as replaced_rows,
        (select count(*) from {{ log }} where _op = 'D' and not _is_rejected) as deleted_rows,
        {%- endif %}
        (select count(*) from {{ stg }}) as current_rows
    {{ 'union all' if not loop.last }}
{% else %}
    {{ no_rows({
        'source_name': 'text', 'data_set': 'text', 'bronze_rows': 'integer', 'rejected_rows': 'integer', 'repeated_rows': 'integer',
        'replaced_rows': 'integer', 'deleted_rows': 'integer', 'current_rows': 'integer',
    }) | indent(4) }}
{% endfor %}
)

select
    source_name,
    data_set,
    bronze_rows,
    rejected_rows,
    repeated_rows,
    replaced_rows,
    deleted_rows,
    current_rows,
    bronze_rows - rejected_rows - repeated_rows - replaced_rows - deleted_rows - current_rows as unexplained_rows
from counted
