{{ config(enabled=has_data_set('thelook', 'orders')) }}

{{ superseded_rows(ref('log_thelook__orders'), key='order_id') }}
