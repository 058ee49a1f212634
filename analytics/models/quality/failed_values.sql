{{ config(
    materialized='incremental', unique_key='error_event_detail_key',
    post_hook=["{{ cartwright.purge_failed_values(remember=true) }}", "{{ cartwright.purge_failed_values(remember=false) }}"]
) }}
{%- set moment = moment() %}
{% for source_name, data_set, key in logged_data_sets() %}
select * from (
{% if key -%}
{{ failed_values_of_keyed(source_name, data_set, key, moment) | indent(4, true) }}
{% else -%}
{{ failed_values_of_keyless(source_name, data_set, moment) | indent(4, true) }}
{% endif -%}
) as {{ data_set }}
{{ 'union all' if not loop.last }}
{% else %}
{{ no_rows({
    'error_event_detail_key': 'integer', 'source_name': 'text', 'data_set': 'text', 'screen_name': 'text', 'column_name': 'text',
    'landing_id': 'text', 'row_number': 'integer', 'record_key': 'text', 'offending_value': 'text', 'is_rejected': 'boolean',
    'first_seen_at': 'timestamp', 'resolved_at': 'timestamp', 'is_open': 'boolean', '_record': 'text', '_change_seq': 'integer',
    '_cut': 'integer',
}) }}
{% endfor %}
