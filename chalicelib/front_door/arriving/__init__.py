"""What does not come by a page of ours: a mail, a call, somebody at the desk, a letter.

Guarantee: each becomes a case of a form, or a word in the history of one, before anybody is told that it came.
"""
