"""The people who answer: who is there, whose turn it is, what they are told of."""
