"""Is a sentence borne out by the passages? Each is checked before a visitor sees it."""

from app.services.grounding.across import SUPPORT as SUPPORT_ACROSS
from app.services.grounding.checking import Checker, Verdict
from app.services.grounding.judging import judge_messages, judged

__all__ = ["SUPPORT_ACROSS", "Checker", "Verdict", "judge_messages", "judged"]
