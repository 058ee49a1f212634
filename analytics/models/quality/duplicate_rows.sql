-- Rows that repeat another row exactly: collapsed where the data set has a key, kept and flagged where it has none.
{% for source_name, data_set, key in logged_data_sets() %}
select
    '{{ source_name }}' as source_name,
    '{{ data_set }}' as data_set,
    _landing_id as landing_id,
    _row_number as row_number,
    {%- if key is not none %}
    {{ key }} as row_key,
    'collapsed' as handling,
    {%- else %}
    {{ null_of('text') }} as row_key,
    'kept and flagged' as handling,
    {%- endif %}
    _change_seq as change_seq
{%- if key is not none %}
from {{ ref('superseded_' ~ source_name ~ '__' ~ data_set) }}
where is_repeat
{%- else %}
from {{ ref('stg_' ~ source_name ~ '__' ~ data_set) }}
where is_duplicate
{%- endif %}
{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows({
    'source_name': 'text', 'data_set': 'text', 'landing_id': 'text', 'row_number': 'integer', 'row_key': 'text', 'handling': 'text',
    'change_seq': 'integer',
}) }}
{% endfor %}
