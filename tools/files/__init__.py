"""Files: the tools that list, find, search, arrange, move and write them.

They stage changes (`changes` makes them) and parse no bytes (`documents` does).
`daemon.toolbox` lists them.
"""
