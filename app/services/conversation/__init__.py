"""A visitor's turn from first to last: who may speak, what is answered, who is called."""
