"""Words that speak for a kind of document where no heading names it: an invoice in prose, a recipe.

Pure data and counting, in English and German. It decides nothing: `evidence` adds what it finds to
what the headings say. A single word proves little; what counts is how many different cues meet.
"""

# ruff: noqa: E501 - tables of words stay whole

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

SEEN: Final = 3000
"""Characters of a text that are looked at: in a long one something of everything would be found."""
MOST: Final = 6.0
"""The most that cues weigh together."""

_SUM: Final = r"(?:[€$£]\s?\d|\d[.,]\d\d\b|\b(?:euro?s?|pounds|dollars|gbp|usd)\b)"

CUES: Final[Mapping[str, tuple[tuple[float, str], ...]]] = {
    "invoice": (
        (1.5, r"(?:we|i) (?:hereby )?(?:charge|bill|invoice)(?: you)?|(?:erlauben wir uns|stelle(?:n wir)?)[^.]{0,60}(?:zu berechnen|in rechnung)|for (?:professional )?services rendered|(?:berechnen|in rechnung)\b"),
        (1.5, r"(?:please |kindly )?(?:pay|payable|payment|remit\w*|settle\w*)\b[^.]{0,30}\b(?:within|by|days|terms)|zahlbar|zahlungsziel|bitten? (?:wir )?um (?:überweisung|zahlung)|(?:bitte )?überweisen sie|bill(?:ed)? to|net (?:14|30|60)"),
        (1.5, r"amount due|balance due|please pay|total due|zu zahlen\w*|zahlbetrag|rechnungsbetrag|(?:net|netto|montant) à payer|te betalen|do zapłaty|importe total|totale documento"),
        (1.0, r"vat|sales tax|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|steuernummer|netto|subtotal|imponibile|base imponible"),
        (1.0, r"(?:our|your|ihre|unsere) (?:bill|invoice|rechnung|abrechnung|account)|(?:jahres|ab)rechnung\w*|bill no|labour|parts|arbeitszeit|arbeitspreis|stunden (?:à|je|zu)|quantity|qty|menge|einzelpreis|unit price"),
        (0.5, _SUM),
    ),
    "receipt": (
        (2.0, r"(?:amount )?paid\b[^.\n]{0,20}\d|received (?:with thanks|from)|payment received|(?:dankend |betrag |bar )?erhalten von|dankend erhalten|(?:has|have) been (?:charged|billed)|was charged"),
        (1.5, r"cash|change due|bar(?:zahlung)?|rückgeld|gegeben|card ending|visa|mastercard|girocard|ec-?karte|kartenzahlung|payment method"),
        (1.5, r"thank you for (?:your (?:purchase|order|visit)|shopping)|thanks for your purchase|vielen dank für ihren einkauf|es bediente sie|kasse|till|cashier|terminal"),
        (0.5, _SUM),
    ),
    "quote": (
        (2.0, r"(?:we|i) (?:can |would |are pleased to |could )*(?:offer|quote|estimate)|bieten? (?:wir|ich)|unser angebot|anbieten|estimated (?:cost|total|price)|would cost|würde[n]? kosten"),
        (2.0, r"(?:price|offer|quote|estimate)s? (?:is |are )?(?:valid|held?|holds?|good) (?:for|until)|an (?:dieses|unser|diesen) (?:angebot|preis)\w*[^.]{0,20}gebunden|gültig bis|freibleibend|valid (?:for|until)"),
        (1.5, r"(?:for|of|to) your (?:enquiry|inquiry|request)|ihre anfrage|auf ihre anfrage|(?:über|auf) ihren auftrag|place (?:your|an) order|if you (?:accept|wish to go ahead|would like to go ahead)|bei auftragserteilung|without obligation|unverbindlich"),
        (0.5, _SUM),
    ),
    "reminder": (
        (2.5, r"(?:not yet|still not|have not|has not) (?:been )?(?:received|paid|settled)|still (?:unpaid|outstanding|open|due)|(?:days|weeks|now|long) overdue|overdue|noch (?:nicht (?:bezahlt|beglichen|eingegangen)|offen|aus)\w*|unbezahlt|in verzug"),
        (2.0, r"(?:late|reminder) fees?|mahn(?:gebühr|kosten|stufe|verfahren)\w*|verzugszinsen|inkasso\w*|collection agency|(?:debt )?collectors?|legal (?:action|steps)|(?:second|final|last) (?:notice|request)|letzte mahnung|zahlungserinnerung"),
        (1.5, r"(?:may|must) have (?:over|for)|overlooked|escaped your (?:notice|attention)|übersehen|if you have already paid|already paid[^.]{0,30}(?:ignore|disregard)|sollten sie[^.]{0,30}(?:bereits|schon)[^.]{0,20}(?:gezahlt|bezahlt|überwiesen)|gegenstandslos|(?:friendly|gentle) reminder"),
        (0.5, _SUM),
    ),
    "contract": (
        (2.0, r"(?:hereinafter|the parties|party|hereby agree|it is (?:hereby )?agreed|agree as follows)|nachfolgend|im folgenden|vertragspartei\w*|wird (?:folgendes|folgender)?[^.\n]{0,30}(?:vereinbart|geschlossen)|zwischen[^.]{3,160}(?:und|vereinbar)\b[^.]{0,120}(?:vereinbar|geschlossen)\w*|between[^.]{3,200}\band\b[^.]{0,80}(?:agree|the (?:club|tenant|landlord|client|company))"),
        (1.5, r"(?:tenant|landlord|lessee|lessor|licensee|licensor|borrower|lender|employer|employee|recipient|contractor|mieter|vermieter|auftragnehmer|auftraggeber|arbeitnehmer|arbeitgeber|darlehens(?:geber|nehmer)|verkäufer|käufer)(?:in)? (?:shall|may|undertakes|agrees|lets|pays|verpflichtet|erhält|zahlt|überlässt)|shall (?:not|be|have|pay|keep|deliver|remain|use)"),
        (1.5, r"(?:termination|terminate|notice period|(?:by|with|on) (?:one |two |three |\d+ )?(?:days?|weeks?|months?)['’]? (?:written )?notice|notice in writing|for (?:a|the) term of|kündigungsfrist|kündig\w+ (?:mit|unter)|frist von|schriftform|laufzeit)"),
        (1.5, r"governed by|in witness whereof|signed (?:for|by)|signed:|signatures?|unterschriften?|ort, datum|datum, unterschrift|gezeichnet"),
        (1.0, r"§ ?\d|(?:clause|article) \d|^\s*\d\. the \w+ (?:shall|grants)|haftet|gerichtsstand|liab(?:le|ility)|own risk"),
    ),
    "order": (
        (2.5, r"(?:we have received|thank you for) your order|your order (?:has been|is|was) (?:received|confirmed|placed)|ihre bestellung (?:ist|wurde|haben wir)|wir haben ihre bestellung|bestätigen (?:wir )?(?:ihre bestellung|ihren auftrag)"),
        (1.5, r"order (?:no|number|id|date)|bestell(?:nummer|nr|datum)|expected (?:delivery|dispatch)|voraussichtliche lieferung|will be (?:shipped|dispatched)|versandt?bereit"),
    ),
    "delivery note": (
        (2.0, r"(?:qty|quantity) (?:ordered|shipped|delivered)|back-?ordered|parcels?:? \d|picked by|liefermenge|packstücke?|kolli|geliefert wurden"),
        (2.0, r"goods (?:received|delivered)|received in good (?:order|condition)|(?:ware|sendung|lieferung) (?:vollständig|erhalten|angenommen|unbeschädigt)|(?:check|inspect) (?:the )?(?:goods|contents)|unterschrift des empfängers|signature of (?:the )?recipient|driver|fahrer"),
        (1.0, r"lieferung vom|lieferdatum|lieferanschrift|delivery (?:date|address)|tour \d|consignment|sendungs?(?:nummer)?|shipment"),
    ),
    "bank statement": (
        (2.5, r"(?:opening|closing|running|new|previous|old) balance|balance (?:brought|carried) forward|(?:brought|carried) forward|(?:alter|neuer|anfangs|end)[- ]?(?:konto)?(?:saldo|stand)|kontostand|saldo (?:alt|neu|per|am|vom)"),
        (1.5, r"sort code|account (?:no|number|holder)|kontoinhaber|girokonto|current account|savings|bankleitzahl|iban"),
        (1.5, r"direct debit|standing order|card payment|cash machine|withdrawals?|deposits?|interest (?:credited|paid)|lastschrift|dauerauftrag|gutschrift|überweisung|kartenzahlung|buchung(?:stag)?|valuta"),
        (0.5, _SUM),
    ),
    "payslip": (
        (2.0, r"gross (?:pay|salary|wages?)|net pay|take-?home|brutto-?(?:netto|bezüge|lohn|gehalt)|(?:steuer|sv)-?brutto|auszahlungsbetrag|gesamtbrutto|grundgehalt|basic (?:pay|salary)|overtime"),
        (2.0, r"lohnsteuer|steuerklasse|kinderfreibetrag|rentenversicherung|krankenversicherung|sozialversicherung|paye|national insurance|ni (?:number|contributions?)|tax code|withholding|social security|medicare"),
        (1.5, r"pay (?:date|period)|payroll|year to date|ytd|employee (?:no|number|id|:)|personalnummer|direct deposit|arbeitgeber"),
    ),
    "credit note": ((2.0, r"(?:credited|refund(?:ed)?) to your account|wir schreiben ihnen[^.]{0,40}gut|gutgeschrieben"),),
    "minutes": (
        (2.5, r"(?:present|attending|attendees|in attendance)\s*:|apologies(?: for absence)?|anwesend\w*|entschuldigt|teilnehmer(?:innen)?\s*:|in the chair"),
        (1.5, r"action(?:s| items?| points?)?\s*:|any other business|aob|agenda|tagesordnung\w*|top \d|matters arising|decisions?\s*:|protokoll(?:führ\w+|ant)?"),
        (1.5, r"(?:resolved|agreed|carried|approved|seconded|proposed|unanimous\w*|voted|abstained)|beschlossen|einstimmig|abgestimmt|enthaltung\w*|genehmigt"),
        (1.5, r"next meeting|meeting (?:closed|ended|opened)|closed at|(?:nächste|kommende)[srn]? (?:treffen|sitzung|termin)|ende (?:der sitzung|\d)|chair(?:man|person|woman)?|treasurer|kassenwart|vorsitzende[rn]?"),
    ),
    "recipe": (
        (2.0, r"\d+ ?(?:g|kg|ml|cl|l|tbsp|tsp|oz|cups?|el|tl|prisen?|würfel|stk) (?:\w+ )?[a-zäöü]\w+|(?:a|one|two|half a) (?:cup|teaspoon|tablespoon|pinch|handful|clove) of|eine prise|zehen? knoblauch"),
        (2.0, r"(?:bake|simmer|boil|fry|sweat|saut[eé]|roast|knead|whisk|stir|chop|slice|dice|fold|mash|soak|grate|drain|season|sprinkle|marinate|pour)s?(?: in| over| until| for| with| the| it| two| three)?|(?:backen|kochen|köcheln|braten|rühren|kneten|ausrollen|schneiden|würfeln|unterheben|abschmecken|ziehen lassen|gehen lassen|aufkochen|abseihen|anbraten|dünsten|bestreuen)"),
        (1.5, r"flour|butter|sugar|salt|pepper|eggs?|milk|cream|onions?|garlic|yeast|stock|vinegar|parsley|mehl|zucker|salz|pfeffer|eier?|milch|sahne|zwiebeln?|knoblauch|hefe|brühe|essig|öl|teig|dough"),
        (1.0, r"serves \d|feeds|servings?|portionen|für \w+ personen|(?:bei|at) \d{2,3} ?(?:°|grad|degrees|c\b)|oven|ofen|fridge"),
    ),
    "cv": (
        (2.0, r"(?:work |professional )?(?:experience|employment|work history|career)\b|beruf(?:serfahrung|licher werdegang|spraxis)|werdegang|positions?\s*:"),
        (2.0, r"education|qualifications?|training|schulbildung|ausbildung|studium|abitur|hochschule|degree|b\.?sc|m\.?sc|ph\.?d|diplom\w*"),
        (1.5, r"(?:key )?skills|languages?\s*:|interests|hobbys?|hobbies|kenntnisse|sprachen|führerschein|references?(?: (?:on request|available))?|referees|publications|profile\s*:"),
        (1.0, r"(?:born|geboren)(?: (?:on|am|in))?|date of birth|familienstand|nationality|staatsangehörigkeit|\b(?:19|20)\d\d ?(?:-|–|to|bis) ?(?:(?:19|20)\d\d|now|present|heute)|(?:since|seit) (?:19|20)\d\d"),
    ),
    "newsletter": (
        (2.5, r"unsubscribe|abmelden|abbestellen|you (?:get|receive|are receiving) this (?:because|e?-?mail)|view (?:this )?(?:e-?mail )?in (?:your )?browser|im browser (?:an)?sehen|abonn\w+"),
        (2.0, r"in this (?:issue|edition)|(?:issue|edition|ausgabe|nummer) (?:no\.? ?)?\d+|in dieser ausgabe|this (?:month|week|quarter) in|news from|aktuelles aus"),
        (1.0, r"dates for (?:the|your) diary|read more|mehr (?:lesen|dazu)|follow us|folgen sie uns|termine|subscribers?|leserinnen|dear (?:readers?|members)|editor(?:ial)?"),
    ),
    "ticket": (
        (2.0, r"passengers?|fahrg[aä]st\w*|reisende[rn]?|traveller|guests?\s*:?|erwachsene|adults"),
        (2.0, r"flight|flug\w*|boarding|gate|departs?|departures?|arrivals?|arrives?|sails?|anreise|abreise|check-?in|check-?out|abfahrt|ankunft|take-?off|(?:\w+ )?(?:ab|an) \d\d:\d\d"),
        (1.5, r"booking|reserv\w+|buchung\w*|itinerary|confirmation (?:no|number|code|\w*\d)|e-?ticket|auftragsnummer|cancellation"),
        (1.0, r"seat|platz \d|wagen \d|gleis|platform|class|cabin|room|zimmer|hotel|breakfast|luggage|baggage|bags?|gepäck|ferry|train|zug|nights?|nächte"),
    ),
    "certificate": (
        (2.5, r"(?:this is to |hereby )certif(?:y|ies|ied)|wird (?:hiermit )?(?:bestätigt|bescheinigt|beurkundet)|(?:bescheinigen|bestätigen|beurkunden) (?:wir|ihnen)?|hiermit (?:bestätig|bescheinig)\w+|wir bescheinigen"),
        (1.5, r"has (?:successfully )?(?:passed|completed|attended|taken part|achieved)|(?:erfolgreich|mit erfolg) (?:am|an|teil|abgeschlossen|bestanden)|teilgenommen|bestanden|awarded (?:to|by)|with (?:merit|distinction|honours)|verliehen"),
    ),
    "tax notice": (
        (2.0, r"finanzamt|hm revenue|hmrc|internal revenue|irs|tax office|steuernummer|steueramt"),
        (2.0, r"festgesetzt|festsetzung|einkommensteuer|solidaritätszuschlag|grundsteuer|hebesatz|zu versteuernd\w+|personal allowance|taxable income|tax (?:charged|owed|year|assessed|due)|self assessment|year ended 5 april"),
        (1.0, r"einspruch|rechtsbehelf\w*|zu erstatten|erstattung|nachzahlung|refund|appeal"),
    ),
    "insurance": (
        (2.0, r"(?:sum |the )?insured|policy ?holder|versicherungs(?:nehmer|summe|schein|beginn|schutz)\w*|versicherte[rs]?|schedule of cover|cover(?:age)?(?: for| starts| is|:)"),
        (2.0, r"(?:annual |monthly |yearly )?premiums?|excess|deductible|no[- ]claims|selbst(?:beteiligung|behalt)|jahresbeitrag|beitrag (?:jährlich|monatlich)|deckung\w*"),
        (1.0, r"third party|liability|haftpflicht|hausrat|kasko|comprehensive|perils|gefahren|claims?"),
    ),
    "manual": (
        (2.0, r"step \d|schritt \d|^\s*\d+[.)] (?:press|insert|turn|connect|remove|open|drücken|öffnen|stecken)"),
        (2.0, r"(?:warning|caution|attention|achtung|warnung|vorsicht|hinweis)\s*[:!]|do not (?:immerse|stand|use|open|expose)|nie(?:mals)? (?:ins|in) wasser|troubleshooting|fehlerbehebung|störungen"),
        (1.5, r"before (?:first )?use|vor (?:dem|der) ersten (?:gebrauch|inbetriebnahme)|(?:press|hold|turn|push) (?:and hold )?(?:the|both) \w+|drücken sie|halten sie die|inbetriebnahme|keep these (?:pages|instructions)|device|gerät|taste|button|screws?"),
    ),
    "letter": (
        (1.0, r"i (?:am writing|write|wrote) (?:to|about|in)|hiermit (?:widerspreche|kündige|bitte|beantrage)|(?:mein|unser|ihr|our|your|my) (?:zeichen|ref(?:erence)?)|würden sie|would you (?:please|be so kind)|bezug nehmend|im auftrag"),
    ),
    "message": (
        (1.0, r"^(?:hi|hey|hallo|moin)\b|see you|cheers|bis (?:bald|dann|später|morgen)|sent from my"),
    ),
    "note": (
        (1.0, r"(?:to-?do|idea|idee|remember|nicht vergessen|don['’]t forget)s?\b\s*:?|shopping\s*:|einkauf(?:en)?\s*:"),
        (1.0, r"^[-*•\[]|^(?:ring|call|buy|ask|get|anrufen|kaufen|fragen)\b|\?\s*$|!!"),
    ),
    "medical": (
        (2.0, r"patient(?:in|en)?\b|admitted|discharged?|stationär\w*|krankenhaus|hospital|clinic\b|klinisch\w*|anamnese|presenting"),
        (2.0, r"diagnos[ei]s?n?|befund\w*|impression|beurteilung|findings?|examination|untersuchung|icd|symptoms?|beschwerden|unauffällig|unremarkable|no (?:focal )?(?:lesion|fracture)"),
        (1.5, r"\d+ ?mg\b|mmol|g/d?l|haemoglobin|hemoglobin|hämoglobin|ferritin|blood (?:count|pressure|test)|blutdruck|ekg|ecg|mrt|mri|ct\b|x-?ray|röntgen|ultrasound|sonographie|biopsy|antibiotics?|therapie|treated with|medication|medikation|tablets?|tabletten"),
        (1.0, r"dr\.? (?:med\.? )?\w+|gp\b|consultant|arzt|ärztin|hausarzt|orthop\w+|review in|kontrolle in|(?:knee|knie|leber|liver|lung|lunge|kidneys?|nieren?|heart|herz)\b"),
    ),
    "warranty": (
        (2.5, r"(?:we |is |are )?(?:guarantee[ds]?|warranted)|(?:gewähren|geben|leisten) wir[^.]{0,60}garantie|garantie(?:karte|zeit|fall|bedingungen|anspruch)?|limited warranty|warranty"),
        (1.5, r"(?:from|of) (?:the )?(?:date of )?purchase|ab kaufdatum|kaufbeleg|proof of purchase|statutory rights|gesetzliche\w* (?:rechte|gewährleistung)"),
        (1.5, r"(?:faults?|defects?) in (?:material|workmanship|manufacture)|material-? (?:und|oder) (?:herstellungs|fabrikations)fehler|repair or replace|free of charge|verschleiß\w*|misuse|unsachgemäß\w*|not cover(?:ed)?|ausgenommen|nicht abgedeckt"),
        (1.0, r"serial (?:no|number)|serien-?(?:nr|nummer)|gerätenummer|manufacturer|hersteller|register your"),
    ),
}  # fmt: skip
"""Kinds that `kinds` names, each with groups of cues; a group counts once, however often it meets."""


@cache
def _groups(kind: str) -> tuple[tuple[float, re.Pattern[str]], ...]:
    return tuple(
        (
            weight,
            re.compile(
                rf"(?<!\w)(?:{words})(?!\w)" if not words.startswith("^") else f"(?:{words})",
                re.I | re.M,
            ),
        )
        for weight, words in CUES.get(kind, ())
    )


def cues(text: str, kind: str) -> float:
    """Return how much a text's words speak for a kind, 0 to `MOST`."""
    seen = text[:SEEN]
    return min(sum(weight for weight, group in _groups(kind) if group.search(seen)), MOST)
