"""Customers: every row of a customer table gets its segment and probability."""

from embauche.customers.assign import assign_customers
from embauche.customers.assignment import Assignment, SegmentOfCustomers
from embauche.customers.memberships import memberships_of

__all__ = ["Assignment", "SegmentOfCustomers", "assign_customers", "memberships_of"]
