{{ config(enabled=has_data_set('online_retail', 'invoices'), materialized='incremental', unique_key='_change_seq') }}

{#- All that was delivered; numbers and times as integers, whose text is the same on every engine. #}
{{ silver_log(source('online_retail', 'invoices'), online_retail_columns('invoices'), content=[
    'invoice_no', 'stock_code', 'description', 'quantity', unix_micros('invoiced_at'), as_type('unit_price * 1000000', 'integer'),
    'customer_id', 'country',
]) }}
