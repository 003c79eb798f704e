"""The city's own texts, and its ledger of exceptions."""
