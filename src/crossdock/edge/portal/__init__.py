"""
Pages for people: what the hub knows, what it waits for, and what it needs from a person.

Server-rendered; HTMX refreshes what is on the screen. There is no login yet, so the web process binds to loopback
by default; who opens it to a network puts a proxy with a login in front.
"""
