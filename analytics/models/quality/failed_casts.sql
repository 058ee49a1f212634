-- Values that could not be read: nothing is lost between bronze and silver without a row here.
{% for source_name, data_set, key in logged_data_sets() %}
{{ failed_casts_of(source_name, data_set, source(source_name, data_set), ref('log_' ~ source_name ~ '__' ~ data_set), columns_of(source_name, data_set)) }}
{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows({
    'source_name': 'text', 'data_set': 'text', 'landing_id': 'text', 'row_number': 'integer', 'column_name': 'text', 'expected': 'text',
    'delivered_text': 'text', 'is_rejected': 'boolean', 'as_of': 'timestamp', 'change_seq': 'integer',
}) }}
{% endfor %}
