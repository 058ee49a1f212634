{{ config(enabled=has_data_set('thelook', 'order_items')) }}

{{ silver_log(source('thelook', 'order_items'), thelook_columns('order_items')) }}
