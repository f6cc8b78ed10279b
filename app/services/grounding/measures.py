"""Units of measure and money, and how they are written in some languages."""

from __future__ import annotations

# A line is a kind, how many of the smallest of that kind it is, and what is written for it.
_UNITS = """
s 0.001 ms millisecond milliseconds millisekunden
s 1 s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi
s 60 min mins minute minutes minuten minuto minutos minuti minuut
s 3600 h hr hrs hour hours stunde stunden heure heures hora horas ora ore uur
s 86400 day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen
s 604800 week weeks woche wochen semaine semaines semana semanas settimana settimane weken
month 1 month months monat monate monaten mois mes meses mese mesi maand maanden mês
month 12 year years yr yrs jahr jahre jahren ans année années año años anno anni jaar ano anos
workday 1 workday workdays werktag werktage werktagen werkdagen
mm 1 mm millimetre millimetres millimeter millimeters
mm 10 cm centimetre centimetres centimeter centimeters
mm 1000 m metre metres meter meters
mm 1000000 km kilometre kilometres kilometer kilometers
inch 1 inch inches ″
mile 1 mile miles
km/h 1 km/h kph kmh
mph 1 mph
g 1 g gram grams gramm gramme grammes
g 1000 kg kilo kilos kilogram kilograms
lb 1 lb lbs
w 1 w watt watts
w 1000 kw kilowatt kilowatts
wh 1 wh
wh 1000 kwh
v 1 v volt volts
a 1 a amp amps ampere amperes
a 0.001 ma
ah 0.001 mah
ah 1 ah
nm 1 nm
newton 1 newton newtons
lux 1 lux lx
lumen 1 lumen lumens lm
kelvin 1 kelvin
candela 1 candela candelas
ohm 1 ohm ohms Ω
°c 1 °c ℃ celsius
°f 1 °f fahrenheit
° 1 ° degree degrees
% 1 % percent prozent procent
kb 1 kb kib
kb 1000 mb mib
kb 1000000 gb gib
l 1 litre litres liter liters
l 0.001 ml
€ 1 € eur euro euros
€ 0.01 cent cents
$ 1 $ usd dollar dollars
£ 1 £ gbp pound pounds
chf 1 chf francs franken
"""
UNITS: dict[str, tuple[str, float]] = {
    written: (kind, float(size))
    for kind, size, *ways in (line.split() for line in _UNITS.strip().splitlines())
    for written in ways
}
CURRENCIES = "€$£"
