{{ config(
    enabled=has_data_set('thelook', 'products'),
    materialized='incremental', unique_key='_change_seq',
    post_hook="{{ cartwright.purge_by_log('log_thelook__products', 'product_id') }}"
) }}

{{ superseded_rows(ref('log_thelook__products'), key='product_id') }}
