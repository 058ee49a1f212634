{{ config(enabled=has_data_set('thelook', 'orders')) }}

{{ silver_log(source('thelook', 'orders'), thelook_columns('orders')) }}
