-- One row per line and the same amount, per source.
with silver as (

    select source_name, count(*) as line_count, sum(cast(quantity * unit_price as {{ type_of('money') }})) as amount
    from {{ ref('sales_lines') }}
    group by source_name

),

gold as (

    select source_name, count(*) as line_count, sum(amount) as amount
    from {{ ref('fact_sales') }}
    group by source_name

)

select silver.source_name as silver_source, gold.source_name as gold_source, silver.line_count, gold.line_count as gold_lines
from silver
full join gold on gold.source_name = silver.source_name
where coalesce(silver.line_count, -1) <> coalesce(gold.line_count, -1) or silver.amount <> gold.amount
