"""Quotes: the registrations of a family, and their price."""
