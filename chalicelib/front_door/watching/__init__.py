"""What sees that nothing is forgotten: counts, what waits too long, silence, addresses, the canary of each day.

Guarantee: what was received is answered or in somebody's hands, by count and by case, and where the two records of it
differ, what one lacks is put back. A ring ends by a person's words and never by time.
"""
