{{ config(enabled=has_data_set('online_retail', 'invoices')) }}

{{ silver_log(source('online_retail', 'invoices'), online_retail_columns('invoices')) }}
