"""Documents: text out of bytes that a stranger wrote, parsed in a sandboxed child process.

`client` and `process` run in the daemon, `worker`, `formats`, `office` and `markup` in the child.
What a text means is not known here. `files`, `web` and the daemon's composition root call it.
"""
