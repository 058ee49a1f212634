-- What is checked of the data, and what is done about a failure: one row per screen of each data set.
{%- set rows = [] %}
{%- if execute %}
{%- for source_name, data_set, key in logged_data_sets() %}
{%- for screen in [line_screen()] + screens_in(source_name, data_set) + screens_of(node_named('batches')) %}
{%- do rows.append([source_name, data_set, screen]) %}
{%- endfor %}
{%- endfor %}
{%- endif %}
{% for source_name, data_set, screen in rows %}
select
    {{ key_of(["'" ~ source_name ~ "'", "'" ~ data_set ~ "'", "'" ~ screen.name ~ "'"]) }} as screen_key,
    '{{ source_name }}' as source_name,
    '{{ data_set }}' as data_set,
    '{{ screen.name }}' as screen_name,
    '{{ screen.kind }}' as kind,
    {{ texts_of([columns_looked_at(screen) | join(', ')]) }} as column_names,
    '{{ screen.severity }}' as severity,
    '{{ screen.action }}' as action,
    {{ screen.bit if screen.bit is defined else null_of('integer') }} as bit,
    {{ texts_of([parameters_of(screen)]) }} as parameters,
    {{ texts_of([screen.description]) }} as description
{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows({
    'screen_key': 'integer', 'source_name': 'text', 'data_set': 'text', 'screen_name': 'text', 'kind': 'text', 'column_names': 'text',
    'severity': 'text', 'action': 'text', 'bit': 'integer', 'parameters': 'text', 'description': 'text',
}) }}
{% endfor %}
