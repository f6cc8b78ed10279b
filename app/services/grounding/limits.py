"""Words that narrow a claim or stretch it: leaving one out says something else."""

from __future__ import annotations

# Of each set a thing has one: another one in its place is another thing.
EXCLUSIVE = """
black white red green blue yellow amber orange brown pink purple grey silver gold sand
monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december
spring summer autumn winter
left right
front rear side
north south east west
morning noon afternoon evening midnight
second minute hour day week month quarter year
aluminium steel plastic carbon copper brass rubber glass leather wood silicone
card cash cheque invoice transfer cryptocurrency
first second third fourth fifth sixth seventh eighth ninth tenth last
smaller larger
"""
ABSOLUTE = """
all every each any always everyone everybody everything everywhere whenever anything anyone
anywhere entirely completely fully guaranteed unlimited forever permanently throughout
immediately instantly whatever whichever
"""
ONLY = "only solely exclusively just alone nothing merely nur seulement solo sólo alleen"
CONDITION = "if unless except apart until provided only without outside"
