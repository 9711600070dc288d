"""
Sweeps: asking both sides what changed, so that nothing depends on a webhook that may never come.

A sweep only marks objects to be looked at. Its watermark moves when all that changed up to then has been marked, in
the same transaction as the last marks; a sweep that dies half-way starts again from the old watermark.
"""
