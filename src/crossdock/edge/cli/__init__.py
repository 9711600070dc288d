"""
The command line: what a person types, and how the answer is shown, as text or as JSON.

Commands ask the hub through `hub.py` and read the store; each module holds the commands of one subject in its `app`.
No rule lives here, and nothing here opens a store or a backend: that is the composition root's.
"""
