"""DuckDB: a full outer join of two CSV files on the order number. duckdb_match.py a|b LEFT RIGHT BREAKS"""

import sys

import duckdb

CLASSES = ["matched", "amount_diff", "left_only", "right_only"]
COLUMNS = {
    "id": "VARCHAR",
    "date": "DATE",
    "amount": "DECIMAL(18,2)",
    "currency": "VARCHAR",
    "reference": "VARCHAR",
    "name": "VARCHAR",
}


def quoted(path):
    return "'" + path.replace("'", "''") + "'"


def read(path):
    """Columns and types are given, so that nothing is guessed and files are read once."""
    form = "header = true, auto_detect = false, delim = ',', quote = '\"'"
    return f"read_csv({quoted(path)}, {form}, columns = {COLUMNS})"


job, left, right, breaks = sys.argv[1:5]
con = duckdb.connect()
# Breaks may stand in the order in which the join finds them.
con.execute("SET preserve_insertion_order = false")

receipts = read(right)
if job == "b":
    receipts = f"""(SELECT string_agg(id, ' ') AS id, max(date) AS date, sum(amount)::DECIMAL(18,2) AS amount, currency,
                           reference, any_value(name) AS name
                    FROM {read(right)} GROUP BY reference, currency)"""

# Of a match only its class is kept, of a break everything.
kept = ", ".join(
    f"CASE WHEN class <> 'matched' THEN {side}.{column} END AS {side}_{column}" for side in "lr" for column in COLUMNS
)
con.execute(f"""
    CREATE TEMP TABLE joined AS
    SELECT CASE WHEN r.id IS NULL THEN 'left_only'
                WHEN l.id IS NULL THEN 'right_only'
                WHEN l.amount = r.amount AND l.currency = r.currency THEN 'matched'
                ELSE 'amount_diff' END AS class,
           {kept}
    FROM {read(left)} l FULL OUTER JOIN {receipts} r ON l.reference = r.reference
""")
con.execute(f"COPY (FROM joined WHERE class <> 'matched') TO {quoted(breaks)} (HEADER)")
counts = dict(con.execute("SELECT class, count(*) FROM joined GROUP BY class").fetchall())
print(*(f"{name}={counts.get(name, 0)}" for name in CLASSES))
