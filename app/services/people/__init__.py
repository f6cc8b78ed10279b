"""Accounts, organizations, and how somebody gets in."""
