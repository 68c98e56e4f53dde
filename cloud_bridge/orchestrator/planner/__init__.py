"""Planners: from the words of an objective to a plan.

They are not executors and see no content: text in, plan out. The orchestrator's workflow calls one
through `base.Planner`; `recipes` is the embedded default, which needs no key and no network.
"""
