"""Reading: what the agent learns from documents: fields, answers, kinds, promises, drafts, tables.

Rules first, the reader's model where none knows. It opens no file and changes nothing: texts come
from `documents`. `read` holds most of the tools, `tables` one; `daemon.toolbox` lists them.
"""
