"""A question in the words of the documents, where it says what it is about in none of them.

"How can I contact you" is answered below "Telephone and chat": the words are others, and so is
what they mean by themselves. What comes out is looked up, and never shown.
"""

from __future__ import annotations

import re

_YOU = (
    r"(?:you(?: guys)?|us|them|support|some(?:one|body)|any(?:one|body)|a (?:person|human)|"
    r"(?:your |the )?(?:customer (?:service|support|care)|shop|store|team|office|company|hotline))"
)
_PLACE = r"(?:you(?: guys)?|your (?:shop|store|office|company)|the (?:shop|store|office|company))"
_FINDING = re.compile(
    rf"\bwhere(?: exactly)? (?:is|are) {_PLACE}\b(?: located| based)?\W*$"
    rf"|\bhow (?:do|can) (?:i|we) (?:find|get to) {_PLACE}\W*$"
    r"|\bwhat(?: is|['’]s) your (?:address|location)\W*$"
    r"|^\W*(?:(?:your|the|shop|store|office) )*(?:address|location|directions)\W*$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b(?:contact|reach|call|phone|ring|e-?mail|get (?:in touch with|hold of)"
    rf"|(?:speak|talk|write) (?:to|with)) {_YOU}\W*$"
    r"|\bget in touch\W*$|\byour (?:tele)?phone number\W*$|^\W*contact(?: us| details)?\W*$"
    r"|^\W*(?:your )?(?:(?:tele)?phone(?: number)?|e-?mail(?: address)?|hotline)\W*$"
    r"|^\W*(?:your )?customer (?:service|support|care)\W*$",
    re.IGNORECASE,
)
_MATTERS = (
    (_FINDING, "address of the shop and how to find us"),
    (_CONTACT, "contact by telephone or chat"),
)


def reworded(question: str) -> str:
    """The question itself, unless the whole of it is a phrase of these."""
    return next((words for matter, words in _MATTERS if matter.search(question)), question)
