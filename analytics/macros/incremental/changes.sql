{#-
  Which keys of an entity a model has to look at again: those of all rows that the silver logs added, or judged anew, since
  the model's moment. The logs are asked, and not the entity: a row that is gone, or moved to another order or
  session, can be seen nowhere else.
  A query of distinct `source_name` and the entity's natural key.
-#}
{% macro changed(entity, moment) -%}
  {%- set since = ' where _cut > ' ~ moment.since -%}
  {%- set parts = [] -%}
  {%- if entity == 'customers' -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'users', 'user_id', 'customer_id', since)) -%}
    {%- do parts.append(cartwright.keys_in_log('online_retail', 'invoices', 'customer_id', 'customer_id', since)) -%}
  {%- elif entity == 'products' -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'products', 'product_id', 'product_id', since)) -%}
    {%- do parts.append(cartwright.keys_in_log('online_retail', 'invoices', 'upper(stock_code)', 'product_id', since)) -%}
  {%- elif entity == 'events' -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'events', 'event_id', 'event_id', since)) -%}
  {%- elif entity == 'sales_lines' -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'order_items', 'order_item_id', 'line_id', since)) -%}
    {%- do parts.append(cartwright.changed_online_retail_lines(moment)) -%}
  {%- elif entity == 'orders' -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'orders', 'order_id', 'order_id', since)) -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'order_items', 'order_id', 'order_id', cartwright.in_changed_keys('thelook', 'order_items', 'order_item_id', moment))) -%}
    {%- do parts.append(cartwright.keys_in_log('online_retail', 'invoices', 'invoice_no', 'order_id', since)) -%}
  {%- endif -%}
  {{ cartwright.union_of_keys(parts, {'customers': 'customer_id', 'products': 'product_id', 'events': 'event_id', 'sales_lines': 'line_id', 'orders': 'order_id'}[entity]) }}
{%- endmacro %}

{#- The keys of one log's rows, of those in the query `only` where it is given; nothing where the shop has no such data set. -#}
{% macro keys_in_log(source_name, data_set, expression, name, condition, only=none) -%}
  {%- if cartwright.has_data_set(source_name, data_set) -%}
select '{{ source_name }}' as source_name, {{ expression }} as {{ name }} from {{ ref('log_' ~ source_name ~ '__' ~ data_set) }}{{ condition }} and {{ expression }} is not null{% if only is not none %} and {{ expression }} in ({{ only }}){% endif %}
  {%- endif -%}
{%- endmacro %}

{#- The condition that a log's row is of a key that has changed: with it, what a row was before it moved is found as well. -#}
{% macro in_changed_keys(source_name, data_set, key, moment) -%}
  {%- if cartwright.has_data_set(source_name, data_set) %} where {{ key }} in ({{ cartwright.keys_since(ref('log_' ~ source_name ~ '__' ~ data_set), key, moment) }})
  {%- endif -%}
{%- endmacro %}

{#-
  Lines of Online Retail, which has no keys: all lines that the touched invoices ever had, because whether a line belongs to
  an order depends on the other lines of its invoice. Lines that are rejected now may have been used under earlier rules.
-#}
{% macro changed_online_retail_lines(moment) -%}
  {%- if cartwright.has_data_set('online_retail', 'invoices') -%}
    {%- set log = ref('log_online_retail__invoices') -%}
select
    'online_retail' as source_name,
    {{ cartwright.online_retail_line_id('_content_key', 'row_number() over (partition by _content_key order by _change_seq)') }} as line_id
from {{ log }}
where _op <> 'D'
    and _content_key in (
        select _content_key from {{ log }}
        where invoice_no in (select invoice_no from {{ log }} where _cut > {{ moment.since }} and invoice_no is not null)
    )
  {%- endif -%}
{%- endmacro %}

{#- The file has no line numbers: a line is named by its content and its occurrence among equal lines. -#}
{% macro online_retail_line_id(content_key, occurrence) -%}
  cast({{ content_key }} as {{ cartwright.type_of('text') }}) || '-' || cast({{ occurrence }} as {{ cartwright.type_of('text') }})
{%- endmacro %}

{#- Distinct keys of those of the queries that are not empty; a query without rows where all are. -#}
{% macro union_of_keys(parts, name) -%}
  {%- set told = [] -%}
  {%- for part in parts if part | trim -%} {%- do told.append(part | trim) -%} {%- endfor -%}
  {%- if told -%}
select distinct source_name, {{ name }} from (
{{ told | join('\nunion all\n') }}
) as told
  {%- else -%} {{ cartwright.no_rows({'source_name': 'text', name: 'text'}) }}
  {%- endif -%}
{%- endmacro %}

{#-
  Customers, or products, whom the rows of facts name: each gets a member, at first a placeholder. A deletion repeats what
  was delivered last, accepted or not, and names nobody.
  condition: ` and …` on the rows of logs, as SQL; a shop's own models are read whole.
  only: a query of the keys that matter, so that the logs need not be read for others; more may be told.
-#}
{% macro named(entity, condition='', only=none) -%}
  {%- set parts = [] -%}
  {%- set accepted = " where not _is_rejected and _op <> 'D'" ~ condition -%}
  {%- if entity == 'customers' -%}
    {%- for data_set in ['order_items', 'orders', 'events'] -%}
      {%- do parts.append(cartwright.keys_in_log('thelook', data_set, 'user_id', 'customer_id', accepted, only)) -%}
    {%- endfor -%}
    {%- do parts.append(cartwright.keys_in_log('online_retail', 'invoices', 'customer_id', 'customer_id', accepted, only)) -%}
    {%- for fact in ['sales_lines', 'orders', 'events'] -%}
      {%- for name in var('entity_models', {}).get(fact, []) -%}
        {%- do parts.append('select source_name, customer_id from ' ~ ref(name) ~ ' where customer_id is not null') -%}
      {%- endfor -%}
    {%- endfor -%}
    {{ cartwright.union_of_keys(parts, 'customer_id') }}
  {%- else -%}
    {%- do parts.append(cartwright.keys_in_log('thelook', 'order_items', 'product_id', 'product_id', accepted, only)) -%}
    {%- if cartwright.has_data_set('thelook', 'events') -%}
      {%- do parts.append('select source_name, product_id from ' ~ ref('int_thelook__pages') ~ ' where product_id is not null' ~ condition) -%}
    {%- endif -%}
    {%- do parts.append(cartwright.keys_in_log('online_retail', 'invoices', 'upper(stock_code)', 'product_id', accepted, only)) -%}
    {%- for fact in ['sales_lines', 'pages'] -%}
      {%- for name in var('entity_models', {}).get(fact, []) -%}
        {%- do parts.append('select source_name, product_id from ' ~ ref(name) ~ ' where product_id is not null') -%}
      {%- endfor -%}
    {%- endfor -%}
    {{ cartwright.union_of_keys(parts, 'product_id') }}
  {%- endif -%}
{%- endmacro %}

{#- What the address of a product's page looks like in theLook. -#}
{% macro product_page() -%} {{ return('^/product/([^/?#]+)') }} {%- endmacro %}

{#-
  The distinct values that a column of facts or customers was ever accepted with. Members of the small dimensions: they
  stay once a row has named them, so only new rows need looking at.
  places: [source, data set, column] for the logs, [entity, column] for the shop's own models.
-#}
{% macro values_named(name, places, moment) -%}
  {%- set parts = [] -%}
  {%- for place in places -%}
    {%- if place | length == 3 -%}
      {%- if cartwright.has_data_set(place[0], place[1]) -%}
        {%- do parts.append(
          'select ' ~ place[2] ~ ' as ' ~ name ~ ' from ' ~ ref('log_' ~ place[0] ~ '__' ~ place[1])
          ~ " where not _is_rejected and _op <> 'D' and " ~ place[2] ~ ' is not null' ~ ('' if moment.all else ' and _cut > ' ~ moment.since)
        ) -%}
      {%- endif -%}
    {%- else -%}
      {%- for model in var('entity_models', {}).get(place[0], []) -%}
        {%- do parts.append('select ' ~ place[1] ~ ' as ' ~ name ~ ' from ' ~ ref(model) ~ ' where ' ~ place[1] ~ ' is not null') -%}
      {%- endfor -%}
    {%- endif -%}
  {%- endfor -%}
  {%- if parts -%}
select distinct {{ name }} from (
{{ parts | join('\nunion all\n') }}
) as told
    {%- if not moment.all %}
where {{ name }} not in (select {{ name }} from {{ this }} where {{ name }} is not null)
    {%- endif -%}
  {%- else -%} {{ cartwright.no_rows({name: 'text'}) }}
  {%- endif -%}
{%- endmacro %}
