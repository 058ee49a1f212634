{{ config(enabled=has_data_set('thelook', 'order_items')) }}

{{ superseded_rows(ref('log_thelook__order_items'), key='order_item_id') }}
