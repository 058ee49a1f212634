{#-
  What each delivered column of theLook becomes, per data set; the keys are explained at silver_log.
  A bit is permanent: give a new column the next free one, and never a bit that another column had.
-#}
{% macro thelook_columns(data_set) -%}
  {%- set columns = {
    'users': [
      {'name': 'user_id', 'from': 'id', 'type': 'id', 'bit': 0, 'required': true, 'key': true},
      {'name': 'first_name', 'type': 'text'},
      {'name': 'last_name', 'type': 'text'},
      {'name': 'email', 'type': 'text'},
      {'name': 'age', 'type': 'integer', 'bit': 1},
      {'name': 'gender', 'type': 'text'},
      {'name': 'street_address', 'type': 'text', 'null_text': 'null'},
      {'name': 'postal_code', 'type': 'text', 'null_text': 'null'},
      {'name': 'city', 'type': 'text', 'null_text': 'null'},
      {'name': 'state', 'type': 'text', 'null_text': 'null'},
      {'name': 'country', 'type': 'text', 'null_text': 'null'},
      {'name': 'latitude', 'type': 'number', 'bit': 2},
      {'name': 'longitude', 'type': 'number', 'bit': 3},
      {'name': 'traffic_source', 'type': 'text'},
      {'name': 'created_at', 'type': 'timestamp', 'bit': 4},
    ],
    'products': [
      {'name': 'product_id', 'from': 'id', 'type': 'id', 'bit': 0, 'required': true, 'key': true},
      {'name': 'name', 'type': 'text'},
      {'name': 'brand', 'type': 'text'},
      {'name': 'category', 'type': 'text'},
      {'name': 'department', 'type': 'text'},
      {'name': 'sku', 'type': 'text'},
      {'name': 'cost', 'type': 'money', 'bit': 1},
      {'name': 'retail_price', 'type': 'money', 'bit': 2},
      {'name': 'distribution_center_id', 'type': 'id'},
    ],
    'orders': [
      {'name': 'order_id', 'type': 'id', 'bit': 0, 'required': true, 'key': true},
      {'name': 'user_id', 'type': 'id'},
      {'name': 'status', 'type': 'text'},
      {'name': 'gender', 'type': 'text'},
      {'name': 'created_at', 'type': 'timestamp', 'bit': 1, 'required': true},
      {'name': 'shipped_at', 'type': 'timestamp', 'bit': 2},
      {'name': 'delivered_at', 'type': 'timestamp', 'bit': 3},
      {'name': 'returned_at', 'type': 'timestamp', 'bit': 4},
      {'name': 'num_of_item', 'type': 'integer', 'bit': 5},
    ],
    'order_items': [
      {'name': 'order_item_id', 'from': 'id', 'type': 'id', 'bit': 0, 'required': true, 'key': true},
      {'name': 'order_id', 'type': 'id'},
      {'name': 'user_id', 'type': 'id'},
      {'name': 'product_id', 'type': 'id'},
      {'name': 'inventory_item_id', 'type': 'id'},
      {'name': 'status', 'type': 'text'},
      {'name': 'created_at', 'type': 'timestamp', 'bit': 1, 'required': true},
      {'name': 'shipped_at', 'type': 'timestamp', 'bit': 2},
      {'name': 'delivered_at', 'type': 'timestamp', 'bit': 3},
      {'name': 'returned_at', 'type': 'timestamp', 'bit': 4},
      {'name': 'sale_price', 'type': 'money', 'bit': 5, 'required': true},
    ],
    'events': [
      {'name': 'event_id', 'from': 'id', 'type': 'id', 'bit': 0, 'required': true, 'key': true},
      {'name': 'user_id', 'type': 'id'},
      {'name': 'session_id', 'type': 'text'},
      {'name': 'sequence_number', 'type': 'integer', 'bit': 1},
      {'name': 'created_at', 'type': 'timestamp', 'bit': 2, 'required': true},
      {'name': 'ip_address', 'type': 'text'},
      {'name': 'city', 'type': 'text', 'null_text': 'null'},
      {'name': 'state', 'type': 'text', 'null_text': 'null'},
      {'name': 'postal_code', 'type': 'text', 'null_text': 'null'},
      {'name': 'browser', 'type': 'text'},
      {'name': 'traffic_source', 'type': 'text'},
      {'name': 'uri', 'type': 'text'},
      {'name': 'event_type', 'type': 'text'},
    ]
  } -%}
  {{ return(columns[data_set]) }}
{%- endmacro %}
