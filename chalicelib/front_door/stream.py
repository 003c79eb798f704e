"""Changes about cases in the table's stream. Plain rules."""

# Partition, before its `#`, and sort key of a case (front_door/cases/table.py). Its coming and each change are told.
CASE = "CASE"
