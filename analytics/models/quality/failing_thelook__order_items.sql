{{ config(
    enabled=has_data_set('thelook', 'order_items'),
    materialized='incremental', unique_key=['screen_name', 'record', '_change_seq'],
    post_hook="{{ cartwright.purge_failing('thelook', 'order_items') }}"
) }}

{{ failing_rows('thelook', 'order_items') }}
