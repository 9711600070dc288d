"""The page at `/_standin/`: what goes on in the shop, at a glance."""
