-- Every line that the till printed, typed.
with log as (

    {{ cartwright.silver_log(source('files', 'till'), columns=[
        {'name': 'receipt', 'type': 'id', 'required': true, 'bit': 0},
        {'name': 'sold_at', 'type': 'timestamp', 'bit': 1},
        {'name': 'article', 'type': 'id'},
        {'name': 'name', 'type': 'text'},
        {'name': 'quantity', 'type': 'integer', 'bit': 2},
        {'name': 'price', 'type': 'money', 'bit': 3},
        {'name': 'card', 'type': 'id'},
    ]) | indent(4) }}

),

current_rows as (

    {{ cartwright.current_lines('log', ['receipt', 'sold_at', 'article', 'name', 'quantity', 'price', 'card']) | indent(4) }}

)

select * from current_rows
