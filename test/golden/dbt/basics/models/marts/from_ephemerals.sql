/* with a comment */
select u.*, e.orders as again from {{ ref('unioned') }} u join {{ ref('eph2') }} e using (customer_id)
