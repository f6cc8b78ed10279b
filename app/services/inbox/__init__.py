"""Where people take over: lists, one conversation and its verbs, tickets, contacts, search."""
