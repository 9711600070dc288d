"""Who may call: apps with their secrets, the tokens they hold, and the ways in which they come by them."""
