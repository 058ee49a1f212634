{#-
  The canonical entities: what every source is brought to, and all that gold reads. Column name → type.
  A source delivers an entity by a model with these columns (built-in ones below; a shop's own by `var('entity_models')`).
-#}
{% macro entity_columns(entity) -%}
  {%- set entities = {
    'customers': {
      'source_name': 'text', 'customer_id': 'text',
      'first_name': 'text', 'last_name': 'text', 'email': 'text', 'age': 'integer', 'gender': 'text',
      'country': 'text', 'state': 'text', 'city': 'text', 'postal_code': 'text', 'latitude': 'number', 'longitude': 'number',
      'traffic_source': 'text', 'registered_at': 'timestamp', 'country_count': 'integer', 'is_deleted': 'boolean'
    },
    'products': {
      'source_name': 'text', 'product_id': 'text',
      'product_name': 'text', 'brand': 'text', 'category': 'text', 'department': 'text', 'sku': 'text',
      'retail_price': 'money', 'cost': 'money', 'currency': 'text', 'product_kind': 'text', 'name_count': 'integer', 'is_deleted': 'boolean'
    },
    'orders': {
      'source_name': 'text', 'order_id': 'text', 'customer_id': 'text', 'order_status': 'text',
      'ordered_at': 'timestamp', 'shipped_at': 'timestamp', 'delivered_at': 'timestamp', 'returned_at': 'timestamp',
      'declared_item_count': 'integer'
    },
    'sales_lines': {
      'source_name': 'text', 'line_id': 'text', 'invoice_no': 'text', 'order_id': 'text', 'stock_code': 'text',
      'product_id': 'text', 'customer_id': 'text', 'country': 'text', 'line_kind': 'text', 'order_status': 'text',
      'sold_at': 'timestamp', 'shipped_at': 'timestamp', 'delivered_at': 'timestamp', 'returned_at': 'timestamp',
      'quantity': 'integer', 'unit_price': 'money', 'currency': 'text', 'is_returned': 'boolean', 'is_duplicate': 'boolean'
    },
    'events': {
      'source_name': 'text', 'event_id': 'text', 'session_id': 'text', 'customer_id': 'text', 'sequence_number': 'integer',
      'event_type': 'text', 'occurred_at': 'timestamp', 'uri': 'text', 'traffic_source': 'text', 'browser': 'text',
      'state': 'text', 'city': 'text', 'postal_code': 'text'
    },
    'pages': {
      'source_name': 'text', 'uri': 'text', 'page_type': 'text', 'product_id': 'text',
      'department': 'text', 'category': 'text', 'brand': 'text'
    }
  } -%}
  {{ return(entities[entity]) }}
{%- endmacro %}

{#- The models that deliver an entity in this shop: the built-in sources' ones, where their data set is there, and the shop's own. -#}
{% macro entity_models(entity) -%}
  {%- set built_in = {
    'customers': [['thelook', 'users'], ['online_retail', 'invoices']],
    'products': [['thelook', 'products'], ['online_retail', 'invoices']],
    'orders': [['thelook', 'orders'], ['online_retail', 'invoices']],
    'sales_lines': [['thelook', 'order_items'], ['online_retail', 'invoices']],
    'events': [['thelook', 'events']],
    'pages': [['thelook', 'events']]
  } -%}
  {%- set models = [] -%}
  {%- for source_name, data_set in built_in[entity] if cartwright.has_data_set(source_name, data_set) -%}
    {%- do models.append('int_' ~ source_name ~ '__' ~ entity) -%}
  {%- endfor -%}
  {{ return(models + var('entity_models', {}).get(entity, [])) }}
{%- endmacro %}

{#- All rows of an entity, whoever delivers it; a typed relation without rows where nobody does. -#}
{% macro union_of(entity) -%}
  {%- set columns = cartwright.entity_columns(entity) -%}
  {%- for model in cartwright.entity_models(entity) %}
select
    {%- for name, kind in columns.items() %}
    {{ cartwright.as_type(name, kind) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref(model) }}
{{ 'union all' if not loop.last }}
  {%- else %}
{{ cartwright.no_rows(columns) }}
  {%- endfor %}
{%- endmacro %}
