"""How a visitor sounds, and what that asks of the team."""
