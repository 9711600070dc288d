"""The control API `/_standin/…`: what a test may do to the shop that no app could."""
