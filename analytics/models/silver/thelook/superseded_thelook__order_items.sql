{{ config(
    enabled=has_data_set('thelook', 'order_items'),
    materialized='incremental', unique_key='_change_seq',
    post_hook="{{ cartwright.purge_by_log('log_thelook__order_items', 'order_item_id') }}"
) }}

{{ superseded_rows(ref('log_thelook__order_items'), key='order_item_id') }}
