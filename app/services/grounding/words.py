"""Words as the check sees them: what means the same, what excludes what, what says little.

General English of shops and support, no trade of its own. A word of a group stands for the group,
so a parcel that was sent is a package that was shipped.
"""

from __future__ import annotations

import unicodedata

import Stemmer

from app.services.grounding.languages import ENGLISH, LITTLE, STEMMERS

_MOST_KEPT = 60_000
_GROUPS = """
price cost fee
parcel package shipment
deliver delivery ship shipping send sent dispatch dispatched post posted mail
arrive arrival
refund refunded reimburse reimbursed reimbursement repay
buy bought purchase purchased
order ordered
guarantee guaranteed warranty
repair repaired mend fix fixing
bicycle bike bikes cycle
telephone phone call calls
email e-mail emails
battery batteries cell accumulator
picture photo photograph image
staff employee employees team people person
customer client buyer
shop store
website site webpage
begin began begins start started commence
finish finished end ended complete completed
quick quickly fast rapid
permit permitted allow allowed
forbid forbidden prohibit prohibited ban banned
big large
exchange swap exchanged swapped
choose chose chosen select pick
show shown display displayed
remove removed detach
receive received get
need needed require required necessary
weigh weight weighs weighing
child children kid kids
car vehicle
lamp light lights lighting
switch turn
press push pressed
hold held keep kept
brightness bright brighter
replace replaced replacement renew
throw dispose
clean wash washed cleaned
wipe rub
close closed shut
tell told inform notify notified
free gratis complimentary
discount rebate reduction
bill invoice invoiced billed
colour color
metre meter
grey gray
fibre fiber
lifetime lifespan
last lasts run runs running lasting
work works function functions operate
fault faulty defect defective broken
damage damaged harm harmed
destroy destroyed ruin ruined
water moisture
waterproof watertight
heat hot warm warmth
cold cool
lead cable cord
plug connect connected
socket port
charge charging recharge recharged charged
rechargeable recharging
cancel cancelled cancellation canceled
account profile
address addresses
answer reply respond response
ask asked request requested
help assist support
write wrote written
lose lost
pay paid payment paying
sell sold
give gave given offer offered provide provided
take took taken
make made
go went gone
come came
see saw seen
put placed place
find found
ride rode ridden cyclist rider
speed pace
road street
town city
night dark darkness
morning forenoon
month monthly
year yearly annual annually
week weekly
day daily
hour hourly
maximum most limit max
minimum least min
approximately about roughly around
size measure measures dimension dimensions
long length
wide width
high height
thick thickness
deep depth
strong strength
distance far
fit fits suit suitable
attach fasten mount mounted mounting fitted
tighten tightened
screw screws
update upgrade updated
download downloaded
mistake error
password passcode
delete deleted erase erased
book booked reserve reserved
visit visitor
open opened opening
return returned returning
wait waited waiting
store stored storage
lock locked
learn learned learnt
know knew known
hear heard
feel felt
grow grew
lie lay lies
sit sits
melt melted
dry dried
burn burned burnt
travel transport
country countries
recycle recycled recycling
vanish disappear vanishes
expire expired lapse lapses
annul void
quotation quote
company firm
compensate compensation
salary pay wage
holiday vacation
apply application apply applicant
"""
# Verbs and fillers that a paraphrase adds and drops freely.
_SAYING_LITTLE = """
also always please simply really very quite still even already usually normally generally
typically well way thing kind sort case time use used using make give take come go want need get
have let say mean include including included available possible able happen become keep hold
provide offer ensure work main certain several many much more most less few lot bit note order
look find see put set sit bring leave stay try help know tell show call contain consist
apply depend allow require yes no sure course however therefore thus otherwise instead
additionally furthermore moreover unfortunately directly currently exactly specifically
another other own same each every own plus within per via upon during while through
since because due both either whether though although once there here now only never
"""
_OPPOSITES = """
before after
more less
more fewer
increase decrease
increase reduce
raise lower
always never
first last
free paid
include exclude
included excluded
allow forbid
legal illegal
open closed
left right
top bottom
front rear
front back
up down
upper lower
upwards downwards
upward downward
above below
over under
inside outside
indoors outdoors
hot cold
warm cold
warmer colder
high low
higher lower
highest lowest
fast slow
faster slower
quicker slower
long short
longer shorter
thick thin
thicker thinner
wide narrow
wider narrower
large small
larger smaller
big small
old new
older newer
oldest newest
empty full
safe dangerous
accept refuse
accept decline
accepted refused
accepted declined
optional required
optional mandatory
early late
earlier later
earliest latest
minimum maximum
same different
start stop
begin end
connect disconnect
enable disable
lock unlock
add remove
buy sell
arrive leave
domestic abroad
home abroad
online offline
public private
permanent temporary
brighter dimmer
bright dim
heavier lighter
heavy light
cheaper dearer
cheaper expensive
better worse
best worst
good bad
morning evening
morning afternoon
day night
summer winter
spring autumn
wet dry
clean dirty
hard soft
loose tight
loosen tighten
near far
nearer further
positive negative
success failure
succeed fail
pass fail
push pull
import export
input output
read write
reading writing
visible hidden
replaceable irreplaceable
rechargeable disposable
fixed replaceable
gain lose
win lose
rise fall
buyer seller
sender recipient
sender receiver
credit debit
alternating direct
clockwise anticlockwise
clockwise counterclockwise
horizontal vertical
male female
rural urban
inward outward
steady blinking
steady pulsing
steady flashing
sunrise sunset
dawn dusk
"""
# Of each set a thing has one: another one in its place is another thing.
_EXCLUSIVE = """
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
ABSOLUTE = frozenset(
    [
        "all",
        "every",
        "each",
        "any",
        "always",
        "everyone",
        "everybody",
        "everything",
        "everywhere",
        "whenever",
        "anything",
        "anyone",
        "anywhere",
        "entirely",
        "completely",
        "fully",
        "guaranteed",
        "unlimited",
        "unlimitedly",
        "forever",
        "permanently",
        "immediately",
        "instantly",
        "whatever",
        "whichever",
    ]
)
ONLY = frozenset(
    [
        "only",
        "solely",
        "exclusively",
        "just",
        "alone",
        "nothing",
        "merely",
        "nur",
        "seulement",
        "solo",
        "sólo",
        "alleen",
    ]
)
CONDITION = frozenset("if unless except apart until provided only without outside".split())


class _Stems(dict[str, str]):
    """Words with what they are compared by; forgotten all at once when there are too many."""

    def __init__(self, language: str) -> None:
        self._stemmer = Stemmer.Stemmer(STEMMERS.get(language, "porter"))
        self._little = LITTLE.get(language, frozenset())
        self._is_english = language == ENGLISH

    def __missing__(self, word: str) -> str:
        if len(self) > _MOST_KEPT:
            self.clear()
        folded = unfolded(word)
        stemmed = str(self._stemmer.stemWord(word))
        if self._is_english:
            stemmed = _GROUP_OF.get(folded) or _GROUP_OF_STEM.get(stemmed) or stemmed
        self[word] = stemmed = "" if word in self._little else stemmed
        return stemmed


def unfolded(word: str) -> str:
    """Without accents and capitals."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def stems_for(language: str) -> dict[str, str]:
    """Look a lower-case word up in it: its stem, or nothing if the word says nothing."""
    if language not in _by_language:
        _by_language[language] = _Stems(language if language in STEMMERS else ENGLISH)
    return _by_language[language]


_english = Stemmer.Stemmer("porter")
_GROUP_OF: dict[str, str] = {}
_GROUP_OF_STEM: dict[str, str] = {}
_by_language: dict[str, dict[str, str]] = {}


def _learn_groups() -> None:
    for line in _GROUPS.strip().splitlines():
        first, *others = line.split()
        name = str(_english.stemWord(first))
        for word in (first, *others):
            _GROUP_OF.setdefault(word, name)
            _GROUP_OF_STEM.setdefault(str(_english.stemWord(word)), name)


_learn_groups()
_STEMS = stems_for(ENGLISH)


def _stem(word: str) -> str:
    return _STEMS[word] or str(_english.stemWord(word))


SAYING_LITTLE = frozenset(_stem(word) for word in _SAYING_LITTLE.split())
# From a word to the words that say the contrary; as written, since forms of one verb would meet.
OPPOSITES: dict[str, frozenset[str]] = {}
EXCLUSIVE: dict[str, frozenset[str]] = {}


def _learn_contraries() -> None:
    for line in _OPPOSITES.strip().splitlines():
        one, other = line.split()
        OPPOSITES[one] = OPPOSITES.get(one, frozenset()) | {other}
        OPPOSITES[other] = OPPOSITES.get(other, frozenset()) | {one}
    for line in _EXCLUSIVE.strip().splitlines():
        members = frozenset(line.split())
        for member in members:
            EXCLUSIVE[member] = EXCLUSIVE.get(member, frozenset()) | (members - {member})


_learn_contraries()
