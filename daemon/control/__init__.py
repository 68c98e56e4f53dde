"""The control API: HTTP over a unix socket, for the CLI, the console and the menu bar.

`server` runs in the daemon, `client` in every face. It adds no behaviour: it turns requests into
calls of the supervisor and values into JSON.
"""
