"""What machines ask over HTTP: is the process alive, may it be sent work, what has it counted."""
