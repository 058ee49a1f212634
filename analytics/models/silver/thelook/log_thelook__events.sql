{{ config(enabled=has_data_set('thelook', 'events'), materialized='incremental', unique_key='_change_seq') }}

{{ silver_log(source('thelook', 'events'), thelook_columns('events')) }}
