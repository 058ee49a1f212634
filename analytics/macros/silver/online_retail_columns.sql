{#-
  What each delivered column of Online Retail becomes; the keys are explained at silver_log.
  A bit is permanent: give a new column the next free one, and never a bit that another column had.
-#}
{% macro online_retail_columns(data_set) -%}
  {%- set columns = {
    'invoices': [
      {'name': 'invoice_no', 'from': 'InvoiceNo', 'type': 'id', 'bit': 0, 'required': true},
      {'name': 'stock_code', 'from': 'StockCode', 'type': 'text', 'bit': 1, 'required': true},
      {'name': 'description', 'from': 'Description', 'type': 'text'},
      {'name': 'quantity', 'from': 'Quantity', 'type': 'integer', 'bit': 2, 'required': true},
      {'name': 'invoiced_at', 'from': 'InvoiceDate', 'type': 'timestamp', 'format': 'us', 'bit': 3, 'required': true},
      {'name': 'unit_price', 'from': 'UnitPrice', 'type': 'money', 'bit': 4, 'required': true},
      {'name': 'customer_id', 'from': 'CustomerID', 'type': 'id'},
      {'name': 'country', 'from': 'Country', 'type': 'text'},
    ]
  } -%}
  {{ return(columns[data_set]) }}
{%- endmacro %}
