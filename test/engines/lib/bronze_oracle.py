"""What the files hold, told by Python's csv module; and copies of them with changed rows. Prints JSON."""
import csv
import gzip
import hashlib
import json
import random
import sys

csv.field_size_limit(1 << 24)


def rows_of(path, encoding):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding=encoding, newline="") as file:
        yield from csv.reader(file)


def digest(path, encoding):
    """Rows and a hash over all fields in order: fields end with US, records with RS."""
    rows = rows_of(path, encoding)
    header = next(rows)
    md5 = hashlib.md5()
    count = 0
    for row in rows:
        md5.update("".join(field + "\x1f" for field in row).encode("utf-8") + b"\x1e")
        count += 1
    return {"header": header, "rows": count, "md5": md5.hexdigest()}


def change(path, encoding, target, column, every):
    """A copy in which one field of every n-th row is another."""
    rows = rows_of(path, encoding)
    header = next(rows)
    at = header.index(column)
    changed = 0
    with gzip.open(target, "wt", encoding=encoding, newline="", compresslevel=1) as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number, row in enumerate(rows):
            if number % int(every) == 0:
                row[at] = row[at] + "9"
                changed += 1
            writer.writerow(row)
    return {"changed": changed}


def tricky(target, rows):
    """A large file full of quotes, delimiters and line ends inside of fields."""
    chance = random.Random(7)
    pieces = ["plain", 'a "quoted" word', "two\nlines", "comma, and\r\nreturn", "", '"', '",\n"', "é€😀", "\n\n\n", " blank "]
    with open(target, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "a", "b", "c"])
        for number in range(int(rows)):
            writer.writerow([number, *("".join(chance.choices(pieces, k=chance.randrange(4))) for _ in range(3))])
    return {}


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
