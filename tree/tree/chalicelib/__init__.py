"""Stormloop: registration for the rush on a few hundred places. README.md says where to begin."""

VERSION = "0.1.0"
