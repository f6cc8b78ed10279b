"""What models cost, as far as it is known. A provider's bill is right, this is a good guess."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

OPENAI_HOST = "api.openai.com"


@dataclass(frozen=True)
class Prices:
    """Dollars a million tokens, which is the same as millionths of a dollar a token."""

    input: float
    output: float

    def micros(self, input_tokens: int, output_tokens: int) -> int:
        return round(input_tokens * self.input + output_tokens * self.output)


# The longest name that a model's begins with counts: dated versions cost what the model does.
OPENAI = {
    "gpt-4o": Prices(2.5, 10.0),
    "gpt-4o-mini": Prices(0.15, 0.6),
    "gpt-4.1": Prices(2.0, 8.0),
    "gpt-4.1-mini": Prices(0.4, 1.6),
    "gpt-4.1-nano": Prices(0.1, 0.4),
    "gpt-5": Prices(1.25, 10.0),
    "gpt-5-mini": Prices(0.25, 2.0),
    "gpt-5-nano": Prices(0.05, 0.4),
}


def prices_of(base_url: str, model: str) -> Prices | None:
    """None where the endpoint is not OpenAI's own: a local model costs nothing, others differ."""
    if urlsplit(base_url).hostname != OPENAI_HOST:
        return None
    fitting = [name for name in OPENAI if model == name or model.startswith(f"{name}-")]
    return OPENAI[max(fitting, key=len)] if fitting else None
