{{ config(
    enabled=has_data_set('thelook', 'products'),
    materialized='incremental', unique_key=['screen_name', 'record', '_change_seq'],
    post_hook="{{ cartwright.purge_failing('thelook', 'products') }}"
) }}

{{ failing_rows('thelook', 'products') }}
