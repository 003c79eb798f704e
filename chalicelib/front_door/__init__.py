"""What anybody may send the city, and what becomes of it: forms, the cases that come of them, who answers, by when.

Guarantee: whoever got a receipt has a case that its unit's people have in hand, or an answer; both are one write.
"""
