{{ config(
    enabled=has_data_set('thelook', 'events'),
    materialized='incremental', unique_key=['screen_name', 'record', '_change_seq'],
    post_hook="{{ cartwright.purge_failing('thelook', 'events') }}"
) }}

{{ failing_rows('thelook', 'events') }}
