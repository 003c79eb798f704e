"""Registrations, offers, wishes and draws: a family's ways to its seats."""
