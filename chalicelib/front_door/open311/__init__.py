"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2): reports by other cities' apps and programs.

Guarantee: of a case, only what the city let be public leaves here: what it is about in general, where, when, how it
stands; never a word that somebody wrote, nor who.
"""
