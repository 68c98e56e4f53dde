"""Texts in which people are marked by hand: what the finder of names is judged by, never taught.

Written as people write, not from templates: letters, chats, lists, minutes, tables, and some with
nobody in them. A name stands in double brackets. The sample home is the other half: its texts were
written for something else, and `HOME` lists whom they name. `scripts/bench/names` reads both.
"""

# ruff: noqa: E501  # a sentence is a line
from __future__ import annotations

import email
import re
from collections.abc import Iterable
from email import policy
from pathlib import Path

Span = tuple[int, int]
ROOT = Path(__file__).resolve().parents[2]

MARKED = r"""
Servus [[Hannes]], magst du am Samstag mit auf die Hütte? [[Vroni]] fährt, drei Plätze sind noch frei.
===
moin, hat [[jule]] dir den link geschickt? sonst frag ich [[torben]] nochmal, der müsste den haben
===
Guten Tag Frau [[Wiegand-Schröter]],
anbei wie am Telefon besprochen der Kostenvoranschlag. Mein Kollege [[Dragan Petrović]] kommt am Dienstag zum Aufmaß.
Schöne Grüße aus der Werkstatt
[[Achim Lüders]]
===
Liebe Eltern der 4b, am Donnerstag fällt der Sportunterricht aus. Die Kinder werden von Herrn [[Osei]] betreut.
===
Zahlungseingang 14.03.: 320,00 EUR von [[OLEKSANDRA SHEVCHENKO]], Verwendungszweck Miete März WG Zimmer 2
===
Mietinteressenten: [[Pauline Grabowski]] (Studentin), [[Yusuf Karaca]] (Koch), Ehepaar [[Nadolny]], WG aus Leipzig
===
Übergabeprotokoll Wohnung 3. OG links, Zählerstand Strom 48211, anwesend [[K. Thormann]] für die Verwaltung
===
Oma hat erzählt, dass [[Trude]] früher im Kiosk am Hafen gearbeitet hat und mit einem [[Knut]] verlobt war.
===
Die Sitzung eröffnet Bürgermeisterin [[Ahlers]] um 19 Uhr. Ratsherr [[Pohlmann]] fragt nach dem Radweg an der Weserstraße.
===
Mandant: [[Reinhold Graf von Tessin]], Gegner: Autohaus Nord GmbH, Gericht: Amtsgericht Lüneburg
===
Befund für [[Szymańska]], [[Ewelina]], 12.08.1987: kein Hinweis auf Fraktur. Dr. med. [[S. Babayev]]
===
[[Lisbeth]] 14 Uhr Zahnarzt, [[Ole]] Fußball bis 18 Uhr, Papa kocht
===
Hab gestern den neuen Nachbarn kennengelernt, heißt [[Cem]], arbeitet bei der Stadtbücherei, sehr nett.
===
An die Hausgemeinschaft Lindenstraße 8: Wer hat das Fahrrad von Familie [[Niemczyk]] aus dem Keller genommen?
===
Re: Re: Angebot Dachsanierung // Hallo Herr [[Demirbağ]], die Ziegel kommen erst in KW 34. MfG [[Stoll]]
===
hey is [[priyanka]] still picking up the kids or should i ask [[deshawn]]
===
Spoke to [[Siobhan O'Malley]] at reception, she'll move the booking to the 9th if Mr [[Featherstonehaugh]] agrees.
===
lol no, [[bex]] said the same about [[gareth]] last week
===
The deposit was returned to [[Ngozi Adichie-Bello]] by bank transfer on Tuesday, less forty pounds for the carpet.
===
MINUTES 4 SEPT
In the chair: [[Wendell Crabtree]]. Also there: [[Poppy]], [[Ravi S.]], the two from Facilities.
1. Boiler: [[Wendell]] has three quotes. 2. Bins: no news from the council.
===
From the desk of [[Cornelia Vanderhoeven]]
Gentlemen, the vault key is with [[Ambrose]]. Do not lend it to the Historical Society again.
===
[[Kowalczyk]] v. Pemberton Estates Ltd., heard before Judge [[Abernathy]], adjourned to Michaelmas term
===
Hi both, can [[Theo]] stay overnight on Friday? [[Imogen]]'s mum says it's fine and they'd walk to school together.
===
passenger list flight 7: [[DUBOIS/CLEMENCE MS]] [[TANAKA/HIRO MR]]
===
Dear Admissions, I write on behalf of my late husband, [[Ebenezer Holloway]], whose papers we wish to give to the college.
===
Contact: [[Marisol]] at the front desk, or after six [[Big Steve]] in the boiler room
===
assignee: [[Lakshmi Venkataraman]]
reporter: [[tbergqvist]]
priority: high
===
Guests so far
[[Aurélie]] + 1
the [[Papadopoulos]] twins
Uncle [[Fergus]] (no nuts!)
===
The will names [[Hortense Delacroix]] sole heir, with the clock going to her godson [[Bastien]].
===
thx [[mateusz]]!! see u at the climbing hall
===
[[Ingeborg Rasmussen]];Aarhus;4 nights;paid
[[Jamal Whitfield]];Leeds;1 night;open
[[Fumiko Arai]];Osaka;2 nights;paid
===
Call the vet back about Minka, ask for [[Jolanta]], not for the boss.
===
Reklamation zu Auftrag 55-218: Der Monteur, ein Herr [[Zschoche]], hat die Fliesen beschädigt.
===
[[Ulrike Meinhardt-Yilmaz]], Steuerberaterin, Königstr. 4, 24837 Schleswig
===
Zeuge [[Friedhelm B.]] gab an, den Wagen gegen 22 Uhr vor der Sparkasse gesehen zu haben.
===
Je passe chez [[Maëlle]] à midi, [[Corentin]] nous rejoint après son cours.
===
La señora [[Iturralde]] dejó las llaves en la portería para [[Joaquín]].
===
The kettle is on the stove and the biscuits are in the blue tin. Lock the Back Door and water the Ferns.
===
Der Aufzug ist bis Freitag außer Betrieb. Bitte benutzen Sie das Treppenhaus im Hof. Die Hausverwaltung
===
Nachtzug Wien – Venedig, Abteil 4, Abfahrt 21:27, bitte Reisepass und Reservierung bereithalten
===
Grundkurs Keramik: Ton, Glasur, Brennofen. Kosten 85 EUR, Anmeldung bei der Volkshochschule Bremen.
===
Sprint review: Login page done, Search moved to next Sprint, Dark Mode blocked by Design.
===
Amazon Web Services, Oracle and Deutsche Bahn all send invoices to the Berlin office in Euro.
===
Ingredients: Parmesan, Worcester sauce, Dijon mustard, Vanilla, Cayenne. Serve with Caesar salad and Bellini.
===
The Thames rose on Sunday; Richmond, Windsor and Kingston closed their bridges until Monday noon.
===
Heute: Erbsensuppe, Wiener Schnitzel, Kaiserschmarrn. Morgen: Königsberger Klopse, Rote Grütze.
===
Saturn, Mars and Venus rise before dawn in April; Jupiter sets late. The Hubble picture is on page Nine.
===
Paragraph 573 BGB, Kündigungsfrist, Eigenbedarf, Widerspruch: siehe Merkblatt des Mietervereins Hamburg.
===
Widerrufsbelehrung: Sie haben das Recht, binnen vierzehn Tagen ohne Angabe von Gründen den Vertrag zu widerrufen.
===
Garmin Forerunner, Salomon Speedcross, Jack Wolfskin Jacke, Levi's Jeans Größe 32, alles zusammen 240 Euro
===
Trains to Charlotte and Augusta leave from Union Station; St. Pancras is closed, use Victoria or Paddington.
===
Patch Tuesday broke Exchange again. Rolled back on Hermes and Apollo, Zeus is still on the old Kernel.
===
Wir danken für Ihre Spende an Brot für die Welt und wünschen gesegnete Weihnachten.
===
Müllabfuhr: Papier am Mittwoch, Bio am Freitag, Gelber Sack alle zwei Wochen, Sperrmüll auf Antrag
"""

HOME = (
    "Anna Berger", "Lena Berger", "Miriam Okafor", "Priya Nair", "Henrike Vogt", "Tobias Krahl", "T. Krahl",
    "Carl Whitlock", "MIGUEL ORTEGA", "Brandt", "Berger", "Krahl", "Anna", "Lena", "Miriam", "Priya", "Henrike",
    "Gesine", "Jonas", "Tom", "Ernst Juncken", "Natalija Dobes", "Brigitta Linke", "Mercedes Wagenknecht",
    "Larissa Schaaf", "Elif Butte", "Tomas Atzler", "Hannah Johann", "Nico Klemm", "Anika Schweitzer",
    "Dietrich Roht", "Utz Faust", "Cilly Jessel", "Ottmar Misicher", "Rosa Sauer", "Simon Patberg", "Rocco Pruschke",
    "Stilla Naser", "Christina Hauffer", "Virginia Tlustek", "Iris Scholtz", "Wolfram Hein", "Hildegunde Meyer",
    "Susi Ritter",
)  # fmt: skip
"""Everybody in the sample home's texts; longer names first where one holds another."""


def marked() -> list[tuple[str, list[Span]]]:
    """Return the texts written by hand, with their spans."""
    return [_unmarked(each.strip("\n")) for each in MARKED.strip().split("\n===\n")]


def _unmarked(marks: str) -> tuple[str, list[Span]]:
    text, spans = "", []
    for number, piece in enumerate(re.split(r"\[\[|\]\]", marks)):
        if number % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    return text, spans


def home() -> list[tuple[str, list[Span]]]:
    """Return the sample home's plain texts, with whom they name."""
    out = []
    for path in sorted((ROOT / "samples/home").rglob("*")):
        if path.suffix not in {".md", ".txt", ".eml", ".csv"}:
            continue
        text = (
            _letter(path) if path.suffix == ".eml" else path.read_bytes().decode("utf-8", "replace")
        )
        if text.strip():
            out.append((text, _listed(text, HOME)))
    return out


def _letter(path: Path) -> str:
    held = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    part = held.get_body(("plain",))
    head = f"From: {held['from']}\nTo: {held['to']}\nSubject: {held['subject']}\n\n"
    return head + (part.get_content() if part else "")


def _listed(text: str, names: Iterable[str]) -> list[Span]:
    spans: list[Span] = []
    for name in names:
        for found in re.finditer(rf"(?<![\w.@-]){re.escape(name)}(?![\w@-]| Hausverwaltung)", text):
            if not any(found.start() < end and found.end() > start for start, end in spans):
                spans.append(found.span())
    return sorted(spans)
