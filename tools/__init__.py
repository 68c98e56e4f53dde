"""The hands of Doorward: everything the agent can do on this device.

Tools do not decide whether they may: they say what a call would touch, the door judges it, and they
run with the permits it hands them. They import `policies` and nothing else of ours.
"""
