"""
Money: what moves of an order's money once the backend was asked for it.

Payments are captured when goods leave, refunds become credit documents, and refunds that the backend asks for are made.
Looked at by order id, so that one order has one writer: what is owed and what may go back is reckoned over all of it.
"""
