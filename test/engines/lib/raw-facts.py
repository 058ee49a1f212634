"""What the raw files say, counted with Python's csv and decimal alone. Prints one JSON object.

usage: raw-facts.py online_retail FILE | thelook FOLDER
"""
import collections
import csv
import datetime
import gzip
import hashlib
import io
import json
import os
import sys
from decimal import Decimal

# Written out once more, so that a slip in the package's seed shows.
NOT_PRODUCTS = {
    "POST", "DOT", "C2", "D", "M", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK",
    "GIFT_0001_10", "GIFT_0001_20", "GIFT_0001_30", "GIFT_0001_40", "GIFT_0001_50", "22016", "23444", "23574",
}


def read(path, encoding):
    with gzip.open(path) as packed:
        text = packed.read().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def key(*parts):
    """The first 60 bits of the md5 of the parts, joined by a bar."""
    return str(int(hashlib.md5("|".join(parts).encode()).hexdigest()[:15], 16))


def kind(line):
    if line["InvoiceNo"].startswith("A"):
        return "adjustment"
    if line["StockCode"].upper() in NOT_PRODUCTS:
        return "non_product"
    if line["InvoiceNo"].startswith("C"):
        return "cancellation"
    return "sale" if int(line["Quantity"]) > 0 and Decimal(line["UnitPrice"]) > 0 else "adjustment"


def online_retail(path):
    lines = read(path, "latin1")
    kinds = collections.defaultdict(lambda: [0, Decimal(0)])
    customers, days, returned = set(), collections.defaultdict(Decimal), Decimal(0)
    last, frequency, monetary = {}, collections.defaultdict(set), collections.defaultdict(Decimal)
    names = collections.defaultdict(collections.Counter)
    months = collections.defaultdict(lambda: collections.defaultdict(Decimal))
    sold_invoices = set()
    for line in lines:
        amount, what, who = Decimal(line["UnitPrice"]) * int(line["Quantity"]), kind(line), line["CustomerID"]
        at = datetime.datetime.strptime(line["InvoiceDate"], "%m/%d/%Y %H:%M")
        kinds[what][0] += 1
        kinds[what][1] += amount
        days[at.date().isoformat()] += amount
        customers.add(who)
        if what in ("sale", "cancellation"):
            months[at.strftime("%Y-%m-01")][line["StockCode"].upper()] += amount
            if who:
                monetary[who] += amount
        if what == "sale":
            sold_invoices.add(line["InvoiceNo"])
            if who:
                last[who] = max(last.get(who, at.date()), at.date())
                frequency[who].add(line["InvoiceNo"])
        if what == "cancellation":
            returned -= amount
        if Decimal(line["UnitPrice"]) != 0 and line["Description"].strip():
            names[line["StockCode"].upper()][line["Description"].strip()] += 1
    ends = max(last.values())
    scores = rfm({who: ((ends - last[who]).days + 1, len(frequency[who]), monetary[who]) for who in last})
    equal = collections.Counter(tuple(line.values()) for line in lines)
    time = lambda line: datetime.datetime.strptime(line["InvoiceDate"], "%m/%d/%Y %H:%M")
    first = {}
    for line in lines:
        if kind(line) == "sale" and line["CustomerID"]:
            bought = (line["CustomerID"], line["StockCode"].upper())
            first[bought] = min(first.get(bought, time(line)), time(line))
    unsold = lambda line: first.get((line["CustomerID"], line["StockCode"].upper()), datetime.datetime.max) > time(line)
    fails = {
        "customer_named": lambda line: not line["CustomerID"],
        "description_present": lambda line: not line["Description"].strip(" "),
        "unit_price_not_negative": lambda line: Decimal(line["UnitPrice"]) < 0,
        "quantity_plausible": lambda line: abs(int(line["Quantity"])) > 20000,
        "negative_only_if_cancelled": lambda line: int(line["Quantity"]) <= 0 and not line["InvoiceNo"].startswith("C"),
        "cancellation_matches_sale": lambda line: kind(line) == "cancellation" and line["CustomerID"] and unsold(line),
    }
    customers.discard("")
    most = {}
    for month, products in months.items():
        sums = sorted((s for s in products.values() if s > 0), reverse=True)
        least = sums[min(10, len(sums)) - 1]
        most[month] = {code: str(s) for code, s in products.items() if s >= least and s > 0}
    return {
        "lines": len(lines),
        "amount": str(sum(Decimal(line["UnitPrice"]) * int(line["Quantity"]) for line in lines)),
        "kinds": {name: [count, str(total)] for name, (count, total) in kinds.items()},
        "gross": str(kinds["sale"][1]),
        "returns": str(returned),
        "customers": len(customers),
        "buyers": len(last),
        "products": len({line["StockCode"].upper() for line in lines}),
        "orders": len(sold_invoices),
        "duplicates": sum(count - 1 for count in equal.values()),
        "failing": {
            "line_repeated": sum(count - 1 for count in equal.values()),
            **{name: sum(1 for line in lines if fail(line)) for name, fail in fails.items()},
        },
        "daily": {day: str(total) for day, total in days.items()},
        "rfm": scores,
        "top": most,
        "names": {code: max(n.items(), key=lambda x: x[1])[0] for code, n in names.items() if unambiguous(n)},
        "key_of_17850": key("online_retail", "17850", ""),
    }


def unambiguous(counter):
    best = counter.most_common(2)
    return len(best) == 1 or best[0][1] > best[1][1]


def rfm(measured):
    """Scores per customer: quintiles by rank, equal values alike, recency reversed."""
    def quintiles(values):
        ordered = sorted(values.values())
        first = {}
        for place, value in enumerate(ordered):
            first.setdefault(value, place)
        return {who: 1 + 5 * first[value] // len(ordered) for who, value in values.items()}

    recency = quintiles({who: -m[0] for who, m in measured.items()})
    frequency = quintiles({who: m[1] for who, m in measured.items()})
    monetary = quintiles({who: m[2] for who, m in measured.items()})
    return {
        who: [m[0], m[1], str(m[2]), recency[who], frequency[who], monetary[who], segment(recency[who], frequency[who])]
        for who, m in measured.items()
    }


def segment(r, f):
    """The customary grid of recency (rows) and frequency (columns)."""
    grid = {
        1: ["Lost", "Lost", "At Risk", "At Risk", "Can't Lose Them"],
        2: ["Lost", "Lost", "At Risk", "At Risk", "Can't Lose Them"],
        3: ["About To Sleep", "About To Sleep", "Need Attention", "Loyal Customers", "Loyal Customers"],
        4: ["Promising", "Potential Loyalists", "Potential Loyalists", "Loyal Customers", "Loyal Customers"],
        5: ["New Customers", "Potential Loyalists", "Potential Loyalists", "Champions", "Champions"],
    }
    return grid[r][f - 1]


def thelook(folder):
    tables = {}
    for name in ("users", "products", "orders", "order_items", "events"):
        path = os.path.join(folder, name + ".csv.gz")
        if os.path.exists(path):
            tables[name] = read(path, "utf8")
    of = {name: {row["order_id" if name == "orders" else "id"]: row for row in rows} for name, rows in tables.items()}
    items, orders = of.get("order_items", {}).values(), of.get("orders", {})
    ordered = collections.Counter(item["order_id"] for item in items)
    users, products = of.get("users", {}), of.get("products", {})
    spent = collections.Counter(item["status"] for item in items)
    named_users = {item["user_id"] for item in items} | {order["user_id"] for order in orders.values()}
    named_users |= {event["user_id"] for event in of.get("events", {}).values() if event["user_id"]}
    return {
        "rows": {name: len(rows) for name, rows in tables.items()},
        "keys": {name: len(rows) for name, rows in of.items()},
        "amount": str(sum(Decimal(item["sale_price"]) for item in items)),
        "cancelled": str(sum(Decimal(i["sale_price"]) for i in items if i["status"] == "Cancelled")),
        "returned": str(sum(Decimal(i["sale_price"]) for i in items if i["status"] == "Returned")),
        "statuses": dict(spent),
        "orders": len(set(orders) | set(ordered)),
        "orders_without_items": sum(1 for order in orders if order not in ordered),
        "orders_with_other_item_count": sum(1 for o, row in orders.items() if ordered[o] != int(row["num_of_item"])),
        "users_not_delivered": len(named_users - set(users)),
        "products_not_delivered": len({item["product_id"] for item in items} - set(products)),
        "items_shipped_before_ordered": sum(1 for i in items if i["shipped_at"] and i["shipped_at"] < i["created_at"]),
        "cities_null": sum(1 for user in users.values() if user["city"] == "null"),
        "brazilians": sum(1 for user in users.values() if user["country"] == "Brasil"),
        "sessions": len({event["session_id"] for event in of.get("events", {}).values()}),
    }


print(json.dumps({"online_retail": online_retail, "thelook": thelook}[sys.argv[1]](sys.argv[2])))
