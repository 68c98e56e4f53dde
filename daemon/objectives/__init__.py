"""Objectives: what one is, what may happen to it, and how that is told. Nothing acts here.

`loop` moves an objective, `codec` writes it, `journal` and `card_view` tell it. It knows no value,
no door and no ledger. The supervisor carries out what the loop decides.
"""
