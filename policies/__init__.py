"""The pure half of Doorward: the words, the labels, the rules and the gate.

It is not an enforcement point: nothing here opens a file, a socket or a clock; values come in and
verdicts go out. `daemon.door.admission`, the core of the door, is the one caller of `gate`; editors
and explanations call `judging`.
"""
