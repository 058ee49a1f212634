{#-
  theLook's users and products as the canonical entities, each row in whatever state it was delivered; `countries` is the seed
  country_names, joined by what was delivered. Columns of a select.
-#}
{% macro thelook_customer(users) -%}
'thelook' as source_name,
    {{ users }}.user_id as customer_id,
    {{ users }}.first_name,
    {{ users }}.last_name,
    {{ users }}.email,
    {{ users }}.age,
    {{ users }}.gender,
    case when countries.delivered is null then {{ users }}.country else countries.country end as country,
    {{ users }}.state,
    {{ users }}.city,
    {{ users }}.postal_code,
    {{ users }}.latitude,
    {{ users }}.longitude,
    {{ users }}.traffic_source,
    {{ users }}.created_at as registered_at,
    1 as country_count,
    {{ users }}._op = 'D' as is_deleted
{%- endmacro %}

{% macro thelook_product() -%}
'thelook' as source_name,
    product_id,
    name as product_name,
    brand,
    category,
    department,
    sku,
    retail_price,
    cost,
    'USD' as currency,
    'product' as product_kind,
    1 as name_count,
    _op = 'D' as is_deleted
{%- endmacro %}
