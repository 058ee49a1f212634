{{ config(
    enabled=has_data_set('thelook', 'events'),
    materialized='incremental', unique_key='_change_seq',
    post_hook="{{ cartwright.purge_by_log('log_thelook__events', 'event_id') }}"
) }}

{{ superseded_rows(ref('log_thelook__events'), key='event_id') }}
