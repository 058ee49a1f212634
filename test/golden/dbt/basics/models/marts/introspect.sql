-- depends_on: {{ ref('stg_customers') }}
{% set cols = adapter.get_columns_in_relation(ref('stg_customers')) if execute else [] %}
{% set names = run_query('select name from ' ~ ref('stg_customers') ~ ' order by 1').columns[0].values() if execute else [] %}
{% set missing = adapter.get_relation(database=target.database, schema='main', identifier='nope') %}
{% call statement('counted', fetch_result=True) %}select count(*) as n, 1.50::decimal(4,2) as d, date '2020-01-01' as day from {{ ref('stg_customers') }}{% endcall %}
{% set counted = load_result('counted') if execute else none %}
select
  {% for c in cols %}$q${{ c.name }}:{{ c.data_type }}$q$ as c{{ loop.index }},{% endfor %}
  {% for n in names %}$q${{ n }}$q$ as n{{ loop.index }},{% endfor %}
  $q${{ missing is none }}$q$ as missing,
  $q${{ counted["data"] if counted }} {{ counted.table.columns["n"].values() if counted }}$q$ as counted,
  $q${{ ref("stg_customers").identifier }} {{ source("crm", "customers").identifier }}$q$ as ids
