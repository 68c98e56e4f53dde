"""Values: what results hold, sealed at rest, and what is known of each: where from, how secret.

`vault` and `marks` keep, `resolve` and `leaves` look things up, `answer` tells the user. It judges
and releases nothing. The door and the supervisor call it; `main` constructs what has a key.
"""
