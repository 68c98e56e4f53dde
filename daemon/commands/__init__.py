"""The `doorward` command: one module a verb, each a client of the control API.

No command touches the store, the loop or the door; what needs no daemon (policy check, offline
receipt checks) reads files itself.
"""
