"""General English of shops and support, as lists; no trade of its own."""

from __future__ import annotations

# A line is a group: each of its words stands for all, so a parcel sent is a package shipped.
GROUPS = """
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
apply application applicant
"""
# Verbs and fillers that a paraphrase adds and drops freely.
SAYING_LITTLE = """
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
# Pairs that exclude each other.
OPPOSITES = """
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
