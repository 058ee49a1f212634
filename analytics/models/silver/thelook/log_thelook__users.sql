{{ config(enabled=has_data_set('thelook', 'users')) }}

{{ silver_log(source('thelook', 'users'), thelook_columns('users')) }}
