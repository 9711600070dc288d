"""
Alerts at work: what is to be told is decided and written down, then sent, each in a step of its own.

The rules of what is told when are the model's (`alert_course`, `alert_text`); here they meet the database and the
ways out.
"""
