"""What the simulation takes for granted, each number with where it comes from. Seconds, unless a name says otherwise.

The limits themselves stand in chalicelib/programme/openings/limits.py, which the check of an opening uses; here is what
only the simulation asks for.
"""

# Processor time on a whole core, rounded up from what `make bench` measures here; Lambda gives a function of 512 MB
# (.chalice/config.json) 512 / 1,769 of a core.
SHARE_OF_A_CORE = 512 / 1_769
REGISTRATION = 0.0035 / SHARE_OF_A_CORE
REFUSED_EARLY = 0.0002 / SHARE_OF_A_CORE
PASS = 0.002 / SHARE_OF_A_CORE
OWN_REGISTRATIONS = 0.0035 / SHARE_OF_A_CORE
LIST_READ_A_SESSION = 0.06 / 300 / SHARE_OF_A_CORE
LIST_REMEMBERED_A_SESSION = 0.005 / 300 / SHARE_OF_A_CORE
PLACE_READ = 0.000026 / SHARE_OF_A_CORE

# Not measured here, because it is AWS's: one call of DynamoDB ("single-digit milliseconds"); what a new environment
# takes before it answers (its imports are 0.2 of it, `make bench`); a request's way there and back.
CALL = 0.005
COLD_START = 0.7
WAY = 0.05

# Read units, counted on DynamoDB Local (`make bench`): of the list, for each session its seats and its line in the
# programme; and how many places of a waiting list one unit pays for (docs/decisions.md, 11).
SEATS_UNITS_A_SESSION = 0.5
PROGRAMME_UNITS_A_SESSION = 8 / 300
PLACES_FOR_A_UNIT = 57
# How long a container remembers a refusal (seats/table.py) and the list (programme/sessions/handlers.py).
REFUSAL_REMEMBERED = 0.5
LIST_REMEMBERED_FOR = 1.0
# When DynamoDB throttles: the pauses before the second and the third try (chalicelib/core/table.py; botocore's standard
# mode draws them from 0 to 1 and 0 to 2 seconds). After that the family is told `busy`.
PAUSES = (1.0, 2.0)

# Families. How long after its moment one comes, on average; which share of them comes in the first minute of the
# opening although its own moment is later, and how often it tries then.
REACTION = 3.0
EARLY = 0.1
EARLY_WITHIN = 60.0
EARLY_TRIES = 3
# A page that is told `Retry-After: 2` waits that long or up to twice that, then up to twice as long each time, at most
# 30; of those who press F5 instead, the share, and how long they wait.
RETRY_AFTER = 2.0
LONGEST_WAIT = 30.0
F5 = 0.3
F5_WAIT = (0.5, 3.0)
# Without an answer a family gives up after 1 to 10 minutes.
PATIENCE = (60.0, 600.0)
# A family names three sessions and takes the first that has a seat, else a place on the third one's waiting list. The
# n-th favourite session is wanted 1/n times as often as the first (Zipf's law).
WISHES = 3
