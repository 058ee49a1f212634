{{ config(enabled=has_data_set('thelook', 'order_items'), materialized='incremental', unique_key='_change_seq') }}

{{ silver_log(source('thelook', 'order_items'), thelook_columns('order_items')) }}
