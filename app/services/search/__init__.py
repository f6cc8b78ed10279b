"""Finding the passages that bear on a question: words and meaning, fused."""
