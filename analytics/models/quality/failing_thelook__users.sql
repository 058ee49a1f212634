{{ config(
    enabled=has_data_set('thelook', 'users'),
    materialized='incremental', unique_key=['screen_name', 'record', '_change_seq'],
    post_hook="{{ cartwright.purge_failing('thelook', 'users') }}"
) }}

{{ failing_rows('thelook', 'users') }}
