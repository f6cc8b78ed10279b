"""Servers that speak a provider's wire protocol and do what a test tells them to."""
