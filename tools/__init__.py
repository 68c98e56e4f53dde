"""The hands of Doorward: everything the agent can do on this device.

Tools do not decide whether they may: they say what a call would touch, the door judges it, and they
run with the permits it hands them. They import `policies` and nothing else of ours.

Rooms, by what they stand on: `files` and `connectors`; `web`; `documents` and `reading`; `changes`;
`sandbox` and `texts`. `base` says what a tool is.
"""
