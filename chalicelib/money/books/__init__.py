"""The books of money: double entry, to which entries are only added."""
