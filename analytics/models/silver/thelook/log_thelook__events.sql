{{ config(enabled=has_data_set('thelook', 'events')) }}

{{ silver_log(source('thelook', 'events'), thelook_columns('events')) }}
