{{ config(enabled=has_data_set('thelook', 'orders'), materialized='incremental', unique_key='_change_seq') }}

{{ silver_log(source('thelook', 'orders'), thelook_columns('orders')) }}
