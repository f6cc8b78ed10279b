"""What an organization gives its assistant to know, and how that is learned."""
