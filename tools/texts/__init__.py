"""Texts: dates, amounts, lines, words and how well a text fits, each found with its place.

Pure but for the index of one search; no file, no label and no model is known here. `reading`,
`documents` and `files` call it.
"""
