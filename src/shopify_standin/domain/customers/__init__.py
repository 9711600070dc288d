"""Customers: who they are, where they live, what they allow, and how two become one."""
