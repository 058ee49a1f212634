{{ config(enabled=has_data_set('thelook', 'users'), materialized='incremental', unique_key='_change_seq') }}

{{ silver_log(source('thelook', 'users'), thelook_columns('users')) }}
