"""Detectors: what in a text is private or secret, by form, by check digit or by being known.

Pure. They raise labels and say what redaction replaces; they never lower a label and never decide.
"""
