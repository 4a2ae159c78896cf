"""Customers: every row of a customer table gets its segment and probability."""
