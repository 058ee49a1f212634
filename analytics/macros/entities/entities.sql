{#-
  The canonical entities: what every source is brought to, and all that gold reads. Column name → type.
  A source delivers an entity by a model with these columns (built-in ones below; a shop's own by `var('entity_models')`).
-#}
{% macro entity_columns(entity) -%}
  {%- set customer = {
      'source_name': 'text', 'customer_id': 'text',
      'first_name': 'text', 'last_name': 'text', 'email': 'text', 'age': 'integer', 'gender': 'text',
      'country': 'text', 'state': 'text', 'city': 'text', 'postal_code': 'text', 'latitude': 'number', 'longitude': 'number',
      'traffic_source': 'text', 'registered_at': 'timestamp', 'country_count': 'integer', 'is_deleted': 'boolean'
  } -%}
  {%- set product = {
      'source_name': 'text', 'product_id': 'text',
      'product_name': 'text', 'brand': 'text', 'category': 'text', 'department': 'text', 'sku': 'text',
      'retail_price': 'money', 'cost': 'money', 'currency': 'text', 'product_kind': 'text', 'name_count': 'integer', 'is_deleted': 'boolean'
  } -%}
  {#- Of whatever has a history, a row per version: from when on it holds (NULL: always), and what orders equal times. -#}
  {%- set version = {
    'effective_at': 'timestamp', 'extracted_at': 'timestamp', 'landing_id': 'text', 'row_number': 'integer'
  } -%}
  {%- set entities = {
    'customers': customer,
    'products': product,
    'customer_versions': dict(customer, **version),
    'product_versions': dict(product, **version),
    'orders': {
      'source_name': 'text', 'order_id': 'text', 'customer_id': 'text', 'order_status': 'text',
      'ordered_at': 'timestamp', 'shipped_at': 'timestamp', 'delivered_at': 'timestamp', 'returned_at': 'timestamp',
      'declared_item_count': 'integer', 'landing_id': 'text'
    },
    'sales_lines': {
      'source_name': 'text', 'line_id': 'text', 'invoice_no': 'text', 'order_id': 'text', 'stock_code': 'text',
      'product_id': 'text', 'customer_id': 'text', 'country': 'text', 'line_kind': 'text', 'order_status': 'text',
      'sold_at': 'timestamp', 'shipped_at': 'timestamp', 'delivered_at': 'timestamp', 'returned_at': 'timestamp',
      'quantity': 'integer', 'unit_price': 'money', 'currency': 'text', 'is_returned': 'boolean', 'is_duplicate': 'boolean',
      'landing_id': 'text'
    },
    'events': {
      'source_name': 'text', 'event_id': 'text', 'session_id': 'text', 'customer_id': 'text', 'sequence_number': 'integer',
      'event_type': 'text', 'occurred_at': 'timestamp', 'uri': 'text', 'traffic_source': 'text', 'browser': 'text',
      'state': 'text', 'city': 'text', 'postal_code': 'text', 'landing_id': 'text'
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
    'customer_versions': [['thelook', 'users']],
    'product_versions': [['thelook', 'products']],
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

{#-
  The models that deliver an entity without its history, because they are derived from facts or do not keep one: Online
  Retail, and a shop's own models unless the shop names others for the versions.
-#}
{% macro models_without_versions(entity) -%}
  {%- set models = [] -%}
  {%- if cartwright.has_data_set('online_retail', 'invoices') -%}
    {%- do models.append('int_online_retail__' ~ entity) -%}
  {%- endif -%}
  {%- set own = var('entity_models', {}) -%}
  {%- set versions = {'customers': 'customer_versions', 'products': 'product_versions'}[entity] -%}
  {{ return(models + ([] if own.get(versions) else own.get(entity, []))) }}
{%- endmacro %}

{#- All versions of an entity; what has no history has one version, which always holds. -#}
{% macro versions_of(entity) -%}
  {%- set name = {'customers': 'customer_versions', 'products': 'product_versions'}[entity] -%}
{{ cartwright.union_of(name) }}
  {%- for model in cartwright.models_without_versions(entity) %}
union all
select
    {%- for name, kind in cartwright.entity_columns(name).items() %}
    {%- set is_known = name in cartwright.entity_columns(entity) %}
    {{ cartwright.as_type(name, kind) if is_known else cartwright.null_of(kind) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref(model) }}
  {%- endfor %}
{%- endmacro %}

{#-
  All rows of an entity, whoever delivers it; a typed relation without rows where nobody does. A shop's own model may leave
  out `landing_id`.
-#}
{% macro union_of(entity) -%}
  {%- set columns = cartwright.entity_columns(entity) -%}
  {%- for model in cartwright.entity_models(entity) %}
  {%- set delivered = cartwright.delivered_columns(ref(model)) if model in var('entity_models', {}).get(entity, []) else [] %}
select
    {%- for name, kind in columns.items() %}
    {%- set is_left_out = name == 'landing_id' and delivered and name not in delivered %}
    {{ cartwright.null_of(kind) if is_left_out else cartwright.as_type(name, kind) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref(model) }}
{{ 'union all' if not loop.last }}
  {%- else %}
{{ cartwright.no_rows(columns) }}
  {%- endfor %}
{%- endmacro %}
