"""
Pages for people: what the hub knows, what it waits for, and what it needs from a person.

Server-rendered; HTMX refreshes what is on the screen. A page's route says by the type of its visitor who may see it;
forms are made by `parts.form`, which gives them their session's token and leaves them out for those who may not.
"""
