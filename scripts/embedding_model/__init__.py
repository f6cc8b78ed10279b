"""Builds the local embedding model; started by `scripts/build_embedding_model.py`.

`sources` brings weights and tools, `conversion` runs in a process of its own where the tools are:
`encoder` writes the exact model, `quantisation` makes it small, `agreement` compares. `folder`
puts the result in its place, whole or not at all.
"""
