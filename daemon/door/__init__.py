"""The door's room: all that stands between an objective's steps and their effects.

`door` is its face, `admission` alone asks the gate; cards, budgets, releases and what a step may
use are their parts. It moves no objective (`objectives` does). The supervisor calls it.
"""
