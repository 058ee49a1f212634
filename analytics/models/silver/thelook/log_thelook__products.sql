{{ config(enabled=has_data_set('thelook', 'products'), materialized='incremental', unique_key='_change_seq') }}

{{ silver_log(source('thelook', 'products'), thelook_columns('products')) }}
