"""Invoices and receipts in layouts of our own making, each with what a person reads in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    kind: str
    text: str
    expected: dict[str, str | None]


LAYOUTS = (
    Layout(
        "french craftsman",
        "pdf",
        """MENUISERIE LEFORT SARL
12 rue des Essais, 69003 Lyon
Tél. 04 00 00 00 00

Mme Claire Dubois
3 place du Modèle
69006 Lyon

FACTURE N° 2026-0417
Date de facture : 12/05/2026

Désignation Qté Prix unitaire Montant
Porte en chêne 1 1 150,00 € 1 150,00 €
Pose 4 h 55,00 € 220,00 €
Total HT 1 370,00 €
TVA 20 % 274,00 €
Total TTC 1 644,00 €
Échéance : 11/06/2026
""",
        {
            "vendor": "MENUISERIE LEFORT SARL",
            "invoice number": "2026-0417",
            "invoice date": "2026-05-12",
            "total": "1 644,00 €",
            "due date": "2026-06-11",
            "customer": "Claire Dubois",
        },
    ),
    Layout(
        "spanish agency, label above value",
        "pdf",
        """Estudio Brisa S.L.
Calle de la Prueba 8, 28004 Madrid

Factura
F-26/033

Fecha de emisión
3 de marzo de 2026

Cliente: Talleres Ficticios S.A.

Concepto\tImporte
Diseño de cartel\t650,00 €
Base imponible\t650,00 €
IVA 21 %\t136,50 €
Total factura\t786,50 €
Fecha de vencimiento: 02/04/2026
""",
        {
            "vendor": "Estudio Brisa S.L.",
            "invoice number": "F-26/033",
            "invoice date": "2026-03-03",
            "total": "786,50 €",
            "due date": "2026-04-02",
            "customer": "Talleres Ficticios S.A.",
        },
    ),
    Layout(
        "italian, table head over values",
        "pdf",
        """Tipografia Esempio S.r.l. | Via Finta 21, 20121 Milano
Numero fattura | Data fattura | Scadenza
118/2026 | 14/02/2026 | 16/03/2026

Spett.le Anna Verdi
Descrizione | Totale
Stampa opuscoli | 400,00
Imponibile 400,00
IVA 22% 88,00
Totale fattura EUR 488,00
""",
        {
            "vendor": "Tipografia Esempio S.r.l.",
            "invoice number": "118/2026",
            "invoice date": "2026-02-14",
            "total": "EUR 488,00",
            "due date": "2026-03-16",
        },
    ),
    Layout(
        "dutch webshop",
        "html",
        """Fietsenwinkel Voorbeeld B.V.
Factuurnummer: 20260088
Factuurdatum: 7-1-2026
Klant: Jan de Vries

Stadsfiets 1 x € 499,00
Subtotaal € 412,40
BTW 21% € 86,60
Totaal te betalen € 499,00
Uiterlijk 21-1-2026 te betalen op IBAN NL00 BANK 0123 4567 89
""",
        {
            "vendor": "Fietsenwinkel Voorbeeld B.V.",
            "invoice number": "20260088",
            "invoice date": "2026-01-07",
            "total": "€ 499,00",
            "customer": "Jan de Vries",
            "iban": "NL00 BANK 0123 4567 89",
        },
    ),
    Layout(
        "american software, two dates",
        "pdf",
        """INVOICE
Acme Cloud, Inc.
100 Test Blvd, Austin, TX 78701

Bill To: Jordan Smith
Invoice #: INV-004512
Invoice Date: 04/03/2026
Due Date: 05/03/2026

Description Hours Rate Amount
Support plan 10 $120.00 $1,200.00
Subtotal: $1,200.00
Tax (8.25%): $99.00
Total Due: $1,299.00
""",
        {
            "vendor": "Acme Cloud, Inc.",
            "invoice number": "INV-004512",
            "invoice date": "2026-04-03",
            "total": "$1,299.00",
            "due date": "2026-05-03",
            "customer": "Jordan Smith",
            "status": "open",
        },
    ),
    Layout(
        "british plumber, prose",
        "docx",
        """R. Pike Plumbing & Heating
7 Mock Street, Leeds LS1 4AP

14th June 2026

Invoice 0912

Dear Mrs Shaw,

For replacing the boiler valve on 9 June: labour £140.00, parts £62.50. VAT is not charged.

Total £202.50. Please pay within 14 days.

Many thanks, Rob Pike
""",
        {
            "vendor": "R. Pike Plumbing & Heating",
            "invoice number": "0912",
            "invoice date": "2026-06-14",
            "total": "£202.50",
            "status": "open",
        },
    ),
    Layout(
        "swiss hotel",
        "pdf",
        """Hotel Muster AG, Bahnhofplatz 1, 3900 Brig
Rechnung Nr. 88123
Datum: 05.08.2026
Gast: Herr Peter Keller
Anreise 02.08.2026 Abreise 05.08.2026

3 Nächte à CHF 185.00 CHF 555.00
Kurtaxe CHF 12.00
Total CHF 567.00
inkl. MwSt 3.8 % CHF 20.76
Bezahlt mit Kreditkarte am 05.08.2026
""",
        {
            "vendor": "Hotel Muster AG",
            "invoice number": "88123",
            "invoice date": "2026-08-05",
            "total": "CHF 567.00",
            "status": "paid",
        },
    ),
    Layout(
        "austrian tradesman, vom",
        "txt",
        """Elektro Beispielhuber e.U.
Musterring 4, 5020 Salzburg

An
Familie Gruber
Testgasse 2
5020 Salzburg

Rechnung Nr. R26-77 vom 22. Jänner 2026

Arbeitszeit 3,5 h x 68,00 = 238,00
Material 41,20
Summe netto 279,20
20 % USt 55,84
Rechnungsbetrag EUR 335,04

Zahlbar bis 05.02.2026 ohne Abzug.
""",
        {
            "vendor": "Elektro Beispielhuber e.U.",
            "invoice number": "R26-77",
            "invoice date": "2026-01-22",
            "total": "EUR 335,04",
            "due date": "2026-02-05",
            "net": "279,20 EUR",
        },
    ),
    Layout(
        "supermarket receipt",
        "txt",
        """FRISCHMARKT BEISPIEL
Teststr. 3, 10115 Berlin
Datum 18.11.2026 14:22
Bon-Nr. 4471

Milch 1,5 l          1,19
Brot                 2,89
Äpfel 1,2 kg         3,58
SUMME EUR            7,66
Gegeben BAR         10,00
Rückgeld             2,34
""",
        {
            "vendor": "FRISCHMARKT BEISPIEL",
            "date": "2026-11-18",
            "total": "7,66 EUR",
        },
    ),
    Layout(
        "freelancer by mail",
        "eml",
        """From: Priya Raman <priya@raman.example>
To: Office <office@client.example>
Date: Mon, 02 Mar 2026 09:00:00 +0000
Subject: Invoice PR-19 for February

Hi all,

please find my invoice below.

Invoice number: PR-19
Invoice date: 28 February 2026
Copy editing, 12 hours at £45: £540.00
Total: £540.00
Due by 30 March 2026

Priya
""",
        {
            "vendor": "Priya Raman",
            "invoice number": "PR-19",
            "invoice date": "2026-02-28",
            "total": "£540.00",
            "due date": "2026-03-30",
            "e-mail": "priya@raman.example",
        },
    ),
    Layout(
        "markdown table",
        "md",
        """# Invoice

| Field | Value |
|---|---|
| Seller | Kontor Neun |
| Invoice no. | K9-2026-5 |
| Date | 2026-09-01 |
| Order no. | B-7781 |

| Item | EUR |
|---|---:|
| Desk, September | 180.00 |
| **Total** | **180.00** |
""",
        {
            "vendor": "Kontor Neun",
            "invoice number": "K9-2026-5",
            "invoice date": "2026-09-01",
            "order number": "B-7781",
            "total": "180.00 EUR",
        },
    ),
    Layout(
        "utility with advance payments",
        "pdf",
        """Stadtwerke Probehausen GmbH
Ihre Jahresrechnung Strom
Kundennummer: 4 711 023
Rechnungsnummer: VR-889120
Rechnungsdatum: 15.01.2026
Abrechnungszeitraum: 01.01.2025 - 31.12.2025
Verbrauch 2.310 kWh
Nettobetrag 612,40 EUR
Umsatzsteuer 19 % 116,36 EUR
Gesamtbetrag 728,76 EUR
abzüglich geleisteter Abschläge -660,00 EUR
Nachzahlung 68,76 EUR
Fällig am 02.02.2026
""",
        {
            "vendor": "Stadtwerke Probehausen GmbH",
            "invoice number": "VR-889120",
            "invoice date": "2026-01-15",
            "total": "728,76 EUR",
            "due date": "2026-02-02",
        },
    ),
    Layout(
        "columns of totals",
        "xlsx",
        """Invoice\t\tBlue Lantern Ltd
Invoice No\tDate\tCustomer No
BL-301\t2026-07-07\tC-88

Item\tQty\tPrice
Lantern\t4\t25.00
Subtotal\tVAT\tGrand total
100.00\t20.00\t120.00
All amounts in GBP
""",
        {
            "vendor": "Blue Lantern Ltd",
            "invoice number": "BL-301",
            "invoice date": "2026-07-07",
            "customer number": "C-88",
            "total": "120.00 GBP",
        },
    ),
    Layout(
        "labels and values on lines of their own",
        "pdf",
        """Nimbus Telecom Ltd
Account number
7712 3345
Bill date
11 October 2026
Total amount due
£38.50
Payment due by
25 October 2026
""",
        {
            "vendor": "Nimbus Telecom Ltd",
            "invoice date": "2026-10-11",
            "total": "£38.50",
            "due date": "2026-10-25",
        },
    ),
    Layout(
        "danish-style dates, no number",
        "txt",
        """Keramik ApS
Prøvevej 9
Invoice date: 3.4.2026
Two vases  DKK 900,00
Total  DKK 900,00
""",
        {
            "vendor": "Keramik ApS",
            "invoice date": "2026-04-03",
            "total": "DKK 900,00",
            "invoice number": None,
            "due date": None,
        },
    ),
    Layout(
        "doctor, GOÄ",
        "pdf",
        """Dr. med. Eva Probst
Fachärztin für Augenheilkunde
Modellweg 5 · 80331 München

Herrn
Karl Test
Beispielstr. 1
80333 München

München, den 9. September 2026

Liquidation
Rechnungs-Nr.: 26-1934
Diagnose: Myopie

Ziffer 6 13,41
Ziffer 1200 7,91
Endbetrag: 21,32 €
Bitte überweisen Sie den Betrag innerhalb von 30 Tagen.
IBAN: DE00 9999 0000 1111 2222 33
""",
        {
            "vendor": "Dr. med. Eva Probst",
            "invoice number": "26-1934",
            "invoice date": "2026-09-09",
            "total": "21,32 €",
            "iban": "DE00 9999 0000 1111 2222 33",
            "customer": "Karl Test",
            "status": "open",
        },
    ),
    Layout(
        "a letter that is no invoice",
        "docx",
        """Dear Ms Adler,

thank you for your call. The surveyor comes on 4 May 2026 at ten.

Kind regards
Paul Young
""",
        {"total": None, "invoice number": None, "iban": None},
    ),
    Layout(
        "japanese shop in English",
        "pdf",
        """Kumo Trading K.K.
INVOICE
No. KT-5521
Date 2026/06/30
Paper lamps 12 ¥1,800 ¥21,600
Subtotal ¥21,600
Consumption tax 10% ¥2,160
TOTAL ¥23,760
""",
        {
            "vendor": "Kumo Trading K.K.",
            "invoice number": "KT-5521",
            "invoice date": "2026-06-30",
            "total": "¥23,760",
        },
    ),
)
