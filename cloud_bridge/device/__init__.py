"""The device's end: a durable outbox and inbox, the session's logic and the link.

It is not the daemon and judges nothing: what goes into the outbox has passed the door. The daemon
puts and takes messages here; the link moves them.
"""
