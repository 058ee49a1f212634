{{ config(
    enabled=has_data_set('thelook', 'orders'),
    materialized='incremental', unique_key='_change_seq',
    post_hook="{{ cartwright.purge_by_log('log_thelook__orders', 'order_id') }}"
) }}

{{ superseded_rows(ref('log_thelook__orders'), key='order_id') }}
