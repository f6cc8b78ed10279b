"""Looking after the whole: its health, the demo, those who leave, stores that disagree."""
