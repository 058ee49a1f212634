{{ config(
    enabled=has_data_set('thelook', 'orders'),
    materialized='incremental', unique_key=['screen_name', 'record', '_change_seq'],
    post_hook="{{ cartwright.purge_failing('thelook', 'orders') }}"
) }}

{{ failing_rows('thelook', 'orders') }}
