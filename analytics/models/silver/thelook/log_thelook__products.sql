{{ config(enabled=has_data_set('thelook', 'products')) }}

{{ silver_log(source('thelook', 'products'), thelook_columns('products')) }}
