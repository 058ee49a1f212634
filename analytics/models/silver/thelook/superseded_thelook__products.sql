{{ config(enabled=has_data_set('thelook', 'products')) }}

{{ superseded_rows(ref('log_thelook__products'), key='product_id') }}
