"""The orchestrator's end: it plans objectives durably and hands out their steps one by one.

It never sees a value, only what was released to it, and it performs no effect. The same program
runs embedded on the Mac (`home`, started by the daemon) and on a server.
"""
