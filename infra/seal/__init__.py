"""The function Seal: a package of its own (infra/local/alone.py), which imports nothing of chalicelib."""
