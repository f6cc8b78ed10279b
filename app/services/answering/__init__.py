"""From a question to an answer in which every sentence has a source."""
