"""Receipts: what was judged and what crossed, written down before it happens, and checked.

`entries` is the form, `ledger` writes, `check` verifies offline, `witness` keeps what orchestrators
sign. Nothing is decided here. The door writes; commands and the control API read.
"""
