"""Changes: every file change of one objective; staged, shown, committed, undone.

`changeset` is its face, the rest is how: names and folders that cannot be escaped, overlay, books,
moves. It judges nothing. Tools stage through it; only the door commits.
"""
