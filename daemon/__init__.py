"""The daemon: it keeps objectives, asks the gate at the one door, and carries steps out.

It does not plan (the orchestrator does) and reads no content itself (the reader does). `main` puts
the parts together; every face is a client of `control`.

Rooms, by what they stand on: `door`; `receipts`; `values`; `objectives`. What belongs to the whole
process stands here beside them.
"""
