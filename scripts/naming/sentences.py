"""Made sentences in which people are named, or only seem to be: what the head learns from.

Nothing of them is taken from a corpus. Slots stand in braces; `filling` says what goes into them.
`{n}` and the slots beside it in `filling.PEOPLE` are people, `{any}` is a person in half of the cases and something
else that may stand in the same place in the other half. `scripts/train_names` reads them.
"""

# ruff: noqa: E501  # a sentence is a line
from __future__ import annotations

ENGLISH = r"""
{n}
{n}
{n}
{g}
{g}
{f}
{s}
{u}
{ll}
{i}
{t}
{any}
{any}
Documents/Letters/{n}.pdf
Kunden/{f}/Rechnung {x} {f}.pdf
scan {ll} {d}.pdf
CV {n} final.docx
{x}_{f}_{d}.pdf
{n}, {d}
{n} ({c})
Dear {n},
Dear {t},
Hi {g},
hi {lg},
Hello {g} and {g},
Hey {g}, are you coming on {wd}?
Thanks, {g}
Best wishes, {n}
Kind regards\n{n}\n{r}\n{o}
Yours sincerely,\n\n{n}
Cheers,\n{g}
-- \n{n} | {r} | {o} | {tel}
From: {n} <{e}>\nTo: {n} <{e}>\nDate: {d}\nSubject: {p}
From: {s} <{e}>\nCc: {n}; {n}; {n}
On {d}, {n} wrote:\n> {any} will call you on {wd}.
{n} called about the {p} and wants you to ring back before {wd}.
I met {n} in {c} last {m}.
My neighbour {n} has the spare key.
Please ask {t} whether the {p} has arrived.
{t} will see you on {d} at the practice in {st}.
The invoice of {d} was paid by {n}.
Invoice {x}\nBill to:\n{n}\n{st}\n{c}
Ship to: {n}, {st}, {c}
Customer: {any}\nOrder: {x}\nTotal: {a}
Contact person: {n}, {tel}
Attendees: {n}, {n}, {g}, {any}
Present: {i}, {i} and {i}. Apologies: {i}
Signed: {n}, {r}
Name: {n}\nDate of birth: {d}\nAddress: {st}, {c}
NAME: {u}\nDOB: {d}
Surname: {f}\nFirst name: {g}
Patient: {s}, born {d}
{s}\t{tel}\t{e}
{n};{e};{c};{a}
{n},{st},{c},{tel}
{x},{d},{n},{a},paid
name,mail,town\n{n},{e},{c}\n{n},{e},{c}
| {n} | {r} | {c} |
| {any} | {a} | {wd} |
1. {n}\n2. {n}\n3. {any}
- {g}: buy {p}\n- {g}: book the hall\n- {any}: ask again
{g} said that {g} would not come because {any} is in {c}.
{g}'s birthday is on {d}; {g} wants a {p}.
I owe {g} {a} for the {p}.
{lg} said she would bring the {p}
can you ask {ll} if he has the keys
ok {lg} see you {wd}, {lg} is coming too
told {lg} and {lg} already, {lg} doesnt know yet
{u} TO CALL BACK
ATTENTION {u}: YOUR {p} IS READY
The contract between {n} and {o} ends in {m}.
This agreement is made between {o}, represented by {n}, and {n}, {st}, {c}.
{n} was appointed {r} of {o} on {d}.
According to {n}, {r} at {o}, sales in {c} grew.
{o} told us that {n} no longer works there.
We have asked {any} for an offer and are waiting for an answer.
{any} has sent the {p}.
{any} is late again.
The letter from {any} came on {wd}.
I spoke with {any} about {any} yesterday.
There was a call from {any} this morning.
{any} costs {a}.
{any} arrived in {m}.
Can you forward this to {any}?
What did {any} say about {any}?
Pay {a} to {any} before {d}.
Everything that {any} wrote is in the folder.
Meeting with {any} at {st}, {wd}, 10:30.
Remind {any} that {any} is closed on {wd}.
{any}, {any} and {any} are on the list.
The {r} is {n}.
Our {r}, {n}, has left for {c}.
{n} ({r}) and {n} ({r}) will present the {p}.
Written by {n}, translated by {n}.
© {d} {n}
Photo: {n}
Reported by {n}\nAssigned to {n}
Tenant: {n}   Landlord: {any}
Doctor {f} says the {p} can wait.
Prof. {f} is in {c} until {wd}.
Ms {f} and Mr {f} have agreed.
Uncle {g} and aunt {g} visit us in {m}.
My daughter {g} and her friend {g} go to {c}.
{g} {g} and {n} share the flat.
Mother's maiden name is {f}.
The {f} family has moved to {c}.
The {f}s have moved to {c}.
Please transfer {a} to {n}, account {x}.
I, {n}, confirm that I received {a}.
Beneficiary {u}\nAmount {a}
{n} and {n} got married in {c}.
Who is {n}?
What did I promise {n} in {m}?
Find the mails from {n} about the {p}.
Does {n} still live in {c}?
My name is {n} and I have lost my {p}.
This is {g} speaking.
It's me, {g}.
You can call me {g}.
{n} – {r}, {o}
@{g} please look at the {p}
Re: {p} (from {n})
{wd}: {g}, {wd}: {g}, {wd}: nobody
08:00 {g}\n09:30 {n}\n11:00 {p}
Emergency contact: {n} ({tel})
Witnesses: {n} and {n}
Sent by {any} on {d}
{n} has shared a folder with you
{n} commented: looks good
{n} invited you to {p}
I think {lg} has the {p} at home
the landlord, {ll}, never answers
""".strip("\n")
"""One a line; `\\n` and `\\t` stand for themselves."""

ENGLISH_NOBODY = r"""
{o}
{o}
{c}
{st}
{m}
{wd}
{p}
{r}
{thing}
{thing}
{a}
{d}
{c}, {d}
Documents/Invoices/{x} {o}.pdf
Downloads/{p} {d}.html
Bank/Kontoauszug_{d}.pdf
Notes/{thing}.md
IMG_{x}.jpg
The quarterly report is due on {wd}, {d}.
{o} was founded in {c} and has offices in {c} and {c}.
{o} and {o} have merged.
Your order {x} from {o} has been shipped to {st}, {c}.
Please pay {a} to {o} by {d}.
Turn left into {st}, then walk to {st}.
Flights from {c} to {c} are cheaper in {m}.
{p} is out of stock until {m}.
Welcome to {o}! Your {p} is ready to use.
Open {p}, go to Settings and choose Network.
Terms and Conditions of {o}
Dear customer,
Dear Sir or Madam,
Dear all,
Hi there,
Hello everyone,
Kind regards,\nyour team at {o}
Best wishes from {c}
Thanks and see you on {wd}
The University of {c} was closed in {m}.
{c} Airport, Terminal 2, Gate B12
Happy Birthday and Merry Christmas
Monday to Friday, except in {m}
Total: {a}\nVAT 19 %: {a}\nInvoice number: {x}
Item,Price,Quantity\n{p},{a},2\n{p},{a},1
Minutes of the meeting of {d}, {c}
Chapter Two: The Long Road Home
The European Union and the United Nations have agreed.
The {r} and the {r} disagree about the {p}.
Please ask the {r} whether the {p} is ready.
Our {r} is on holiday in {c}.
My mother and my brother visit us in {m}.
Mom says Dad forgot the {p}.
PLEASE READ THE SAFETY INSTRUCTIONS BEFORE USE
INVOICE {x}\nDATE {d}\nAMOUNT DUE {a}
IBAN {x}, BIC {x}
Add two cups of flour, one egg and a pinch of salt. Bake for Thirty minutes.
Will you mark the page? May I have a bill? Rose bushes grow here.
The mark was faith, hope and grace; the frank answer came in May and June.
Jack up the car, then check the bill in the drawer. Art is long.
will mark the date, may sue, dont rob anyone, have faith
Grant applications close in {m}. Bill each customer. Mark every page.
Chase, Wells Fargo and Morgan Stanley are banks; Ford and Porsche build cars.
McDonald's, Wendy's and Ben & Jerry's are open on {wd}.
St. Mary's Hospital and King's College are in {c}.
St. Peter's Church, {c}
Martin Luther King Boulevard, Washington Avenue, Lincoln Park
Parkinson's disease, Alzheimer's disease, the Doppler effect and the Celsius scale
Java, Python, Julia and Ruby are languages; Jenkins builds, Kafka queues.
Version 3.2.1 of {p} fixes the error in Windows and Linux.
Error: Connection Refused. Try Again Later.
def main(arguments): return Value(name, Path(place))
Subject: Re: Fwd: Your Subscription\nTo: all@{dom}
Department of Health, Office of Public Affairs
Room: Sunflower Hall, Floor: 3, Building: North
The Old Bakery, The Golden Lion and The Blue Door are restaurants.
Project Phoenix starts in {m}; Operation Sunrise ends in {m}.
Customer: {o}\nSupplier: {o}
Sold to {o}, {st}, {c}
Passport, Driving Licence, Birth Certificate
Rent for {m}: {a}. Deposit: {a}.
Water the Plants, Feed the Cat, Call the Bank
Gross, Net, Tax, Discount, Shipping, Total
Basmati Rice, Greek Yoghurt, Swiss Cheese, Brussels Sprouts
German, French, Spanish and Italian lessons
Christmas Eve, New Year, Easter Monday, Thanksgiving
The Times, The Guardian and Le Monde wrote about {o}.
""".strip("\n")

GERMAN = r"""
Sehr geehrter Herr {f},
Sehr geehrte Frau {f},
Sehr geehrte Frau Dr. {f},
Sehr geehrter Herr Prof. {f},
Liebe {g},
Lieber {g},
Liebe {g}, lieber {g},
Hallo {g},
hallo {lg},
Hallo Herr {f},
Moin {g}!
Viele Grüße\n{n}
Mit freundlichen Grüßen\n\n{n}\n{r}\n{o}
Mit freundlichen Grüßen\ni. A. {n}
Herzliche Grüße, {g}
Liebe Grüße\n{g} und {g}
Gruß {g}
Dein {g}
Deine {g}
{n} | {r} | {o} | Tel. {tel}
Von: {n} <{e}>\nAn: {n} <{e}>\nDatum: {d}\nBetreff: {p}
Am {d} schrieb {n}:\n> {any} meldet sich am {wd}.
{n} hat wegen {p} angerufen und bittet um Rückruf bis {wd}.
Ich habe {n} im {m} in {c} getroffen.
Unsere Nachbarin {n} hat den Schlüssel.
Bitte fragen Sie {t}, ob {p} angekommen ist.
Termin bei Dr. {f} am {d} um 9 Uhr, {st}
Die Rechnung vom {d} hat {n} bezahlt.
Rechnung Nr. {x}\nAn\n{n}\n{st}\n{c}
Herrn\n{n}\n{st}\n{c}
Frau {n}\n{st}\n{c}
Familie {f}, {st}, {c}
Lieferadresse: {n}, {st}, {c}
Kunde: {any}\nBestellung: {x}\nSumme: {a}
Ansprechpartner: {n}, Telefon {tel}
Ansprechpartnerin: Frau {f}
Anwesend: {n}, {n}, {g}, {any}
Teilnehmer: {s}; {s}; {s}
Protokoll: {i}, Leitung: {i}
Unterschrift: {n}, {r}
Name: {n}\nGeburtsdatum: {d}\nAnschrift: {st}, {c}
NAME: {u}\nGEB.: {d}
Nachname: {f}\nVorname: {g}
Patient: {s}, geb. {d}
Versicherter: {n}, Versicherungsnummer {x}
Kontoinhaber: {n}\nIBAN: {x}
{n};{e};{c};{a}
{s};{st};{c};{tel}
Name;Ort;Betrag\n{n};{c};{a}\n{n};{c};{a}
| {n} | {r} | {c} |
| {any} | {a} | {wd} |
1. {n}\n2. {n}\n3. {any}
- {g}: {p} kaufen\n- {g}: Saal buchen\n- {any}: noch einmal fragen
{g} sagt, dass {g} nicht kommt, weil {any} in {c} ist.
{g} hat am {d} Geburtstag und wünscht sich {p}.
Ich schulde {g} noch {a} für {p}.
frag mal {lg} ob sie {p} mitbringt
kannst du {ll} fragen ob er die schlüssel hat
ok {lg} bis {wd}, {lg} kommt auch
hab {lg} und {lg} schon bescheid gesagt
BITTE {u} ZURÜCKRUFEN
Der Vertrag zwischen {n} und {o} endet im {m}.
Zwischen {o}, vertreten durch {n}, und {n}, {st}, {c}, wird folgender Vertrag geschlossen:
{n} ist seit {d} {r} bei {o}.
Laut {n}, {r} bei {o}, ist der Umsatz in {c} gestiegen.
{o} teilt mit, dass {n} dort nicht mehr arbeitet.
Wir haben {any} um ein Angebot gebeten und warten auf Antwort.
{any} hat {p} geschickt.
{any} kommt schon wieder zu spät.
Der Brief von {any} kam am {wd}.
Gestern habe ich mit {any} über {any} gesprochen.
Heute früh kam ein Anruf von {any}.
{any} kostet {a}.
Kannst du das an {any} weiterleiten?
Was hat {any} zu {any} gesagt?
Bitte {a} bis {d} an {any} überweisen.
Treffen mit {any}, {st}, {wd}, 10:30 Uhr.
{any}, {any} und {any} stehen auf der Liste.
Der {r} heißt {n}.
Unser {r}, {n}, ist nach {c} gezogen.
{n} ({r}) und {n} ({r}) stellen {p} vor.
Text: {n}, Fotos: {n}
Bearbeiter: {n}\nAktenzeichen: {x}
Sachbearbeiterin: {f}, Durchwahl {x}
Vermieter: {n}   Mieter: {any}
Onkel {g} und Tante {g} besuchen uns im {m}.
Unsere Tochter {g} fährt mit {g} nach {c}.
Oma {g} bringt Kuchen mit.
{g} und {g} {f} sind nach {c} gezogen.
Familie {f} zieht im {m} nach {c}.
Die {f}s sind nach {c} gezogen.
Geburtsname: {f}
{n}, geb. {f}
Bitte überweisen Sie {a} an {n}, Konto {x}.
Hiermit bestätige ich, {n}, den Erhalt von {a}.
Empfänger {u}\nBetrag {a}
{n} und {n} haben in {c} geheiratet.
Wer ist {n}?
Was habe ich {n} im {m} versprochen?
Suche die Mails von {n} über {p}.
Mein Name ist {n}, ich habe meine {p} verloren.
Hier spricht {f}.
Ich bin die {g}.
Zeugen: {n} und {n}
Notfallkontakt: {n} ({tel})
Überwiesen von {any} am {d}
Den Schlüssel bei {f} abholen (3. Stock)
Klingel {f}/{f}
Herr {f} und Frau {f} sind einverstanden.
Das hat der {g} gemacht.
Mit {g} telefoniert, {g} weiß Bescheid.
Rechtsanwältin {n}, {st}, {c}
Dipl.-Ing. {n}
Hausarzt: Dr. med. {n}
{g}s Fahrrad steht bei {g} im Keller.
""".strip("\n")

GERMAN_NOBODY = r"""
Der Quartalsbericht ist bis {wd}, den {d}, fällig.
{o} wurde in {c} gegründet und hat Büros in {c} und {c}.
{o} und {o} haben sich zusammengeschlossen.
Ihre Bestellung {x} bei {o} ist unterwegs nach {st}, {c}.
Bitte überweisen Sie {a} bis {d} an {o}.
Biegen Sie links in die {st} ein und gehen Sie bis zur {st}.
Züge von {c} nach {c} fahren im {m} nicht.
{p} ist bis {m} nicht lieferbar.
Willkommen bei {o}! Ihr {p} ist bereit.
Öffnen Sie die Einstellungen und wählen Sie Netzwerk.
Allgemeine Geschäftsbedingungen der {o}
Sehr geehrte Damen und Herren,
Sehr geehrte Kundin, sehr geehrter Kunde,
Liebe Mitglieder,
Liebe Kolleginnen und Kollegen,
Hallo zusammen,
Guten Tag,
Mit freundlichen Grüßen\nIhr Team von {o}
Viele Grüße aus {c}
Danke und bis {wd}
Die Universität {c} bleibt im {m} geschlossen.
Hauptbahnhof {c}, Gleis 7, Wagen 12
Frohe Weihnachten und ein gutes neues Jahr
Montag bis Freitag, außer im {m}
Zwischensumme: {a}\nMwSt. 19 %: {a}\nRechnungsnummer: {x}
Artikel;Preis;Menge\n{p};{a};2\n{p};{a};1
Protokoll der Sitzung vom {d} in {c}
Die Europäische Union und das Bundesministerium der Finanzen teilen mit:
Der {r} und der {r} streiten über {p}.
Bitte fragen Sie den {r}, ob {p} fertig ist.
Unser {r} ist im Urlaub in {c}.
Meine Mutter und mein Bruder besuchen uns im {m}.
Mama sagt, Papa hat {p} vergessen.
BITTE VOR GEBRAUCH DIE SICHERHEITSHINWEISE LESEN
RECHNUNG {x}\nDATUM {d}\nBETRAG {a}
Zwei Tassen Mehl, ein Ei und eine Prise Salz verrühren, dann Dreißig Minuten backen.
Die Miete für die Wohnung im zweiten Stock beträgt {a}, die Kaution {a}.
Der Mietvertrag, die Nebenkosten und die Heizung: alles im Ordner Wohnung.
Krankenkasse, Rentenversicherung, Finanzamt, Einwohnermeldeamt
Vorname, Nachname, Straße, Postleitzahl, Ort, Telefon
Betreff: Kündigung des Vertrags Nr. {x}
Der Bäcker, der Müller und der Schneider sind Handwerker; ein Koch kocht.
Der Richter sprach mit dem Schäfer, der Wolf und der Fuchs liefen davon.
Die lange Rede war klein, der neue Winter wird kalt, im Sommer wird es warm.
Deutsche Bank, Sparkasse {c} und Volksbank {c} haben geschlossen.
Bei Müller, Rossmann und Karstadt gibt es {p}.
Sankt-Marien-Krankenhaus, {c}
Martin-Luther-Straße, Goetheplatz, Albert-Schweitzer-Gymnasium
Friedrich-Ebert-Stiftung, Konrad-Adenauer-Haus, Robert Koch-Institut
Wohnzimmer, Küche, Bad und Flur; Schlüssel, Heizung, Fenster und Balkon
Steuerbescheid für das Jahr 2025, Finanzamt {c}
Verwendungszweck: Rechnung {x}, Kunde {x}
Versicherung, Zahnarzt, Überweisung, Befund, Rezept
Fehler: Verbindung unterbrochen. Bitte Später Erneut Versuchen.
Kunde: {o}\nLieferant: {o}
Verkauft an {o}, {st}, {c}
Blumen gießen, Katze füttern, Bank anrufen
Gasthaus Zum Goldenen Löwen, Café Sonnenschein, Hotel Alte Post
Projekt Phönix beginnt im {m}, Aktion Sauberer Wald endet im {m}.
Deutschkurs, Yogastunde, Chorprobe, Elternabend
Heiligabend, Ostermontag, Pfingsten und Fronleichnam
Die Zeit, Der Spiegel und die Süddeutsche Zeitung schrieben über {o}.
Kaffee, Brot, Butter, Käse, Eier, Milch, Äpfel
wann fängt das denn an, bringst du brot mit, bis morgen
""".strip("\n")

OTHERS = r"""
Bonjour {g},
Cher {g}, chère {g},
Madame {f},
Cordialement,\n{n}
M. {f} et Mme {f} habitent à {c}.
J'ai parlé avec {n} de {p}.
{n}, {st}, {c}
{any} a envoyé la facture le {d}.
Facture pour {any}, total {a}
demande à {lg} si elle vient {wd}
Hola {g},
Estimado señor {f}:
Estimada {n}:
Saludos,\n{n}
He hablado con {n} sobre {p}.
{any} llega a {c} en {m}.
Factura de {any}, importe {a}
dile a {lg} que venga
Ciao {g},
Gentile signora {f},
Cordiali saluti\n{n}
Ho visto {n} a {c}.
{any} ha mandato {p}.
Fattura intestata a {any}, totale {a}
Beste {g},
Geachte heer {f},
Met vriendelijke groet,\n{n}
Ik heb met {n} gesproken over {p}.
{any} komt uit {c}.
Cześć {g},
Szanowny Panie {f},
Pozdrawiam\n{n}
Caro {g},
Atenciosamente,\n{n}
{any} enviou {p} em {m}.
Hej {g},
Med vänliga hälsningar\n{n}
{any} bor i {c}.
Venlig hilsen\n{n}
Sayın {n},
Tisztelt {n}!
""".strip("\n")

OTHERS_NOBODY = r"""
Bonjour à tous,
Madame, Monsieur,
Facture numéro {x} du {d}, total {a}
{o} a ouvert un bureau à {c}.
Le train pour {c} part {wd}.
La Banque Nationale et le Ministère de la Santé ont répondu.
Hola a todos,
Estimados señores:
Factura número {x} de {d}, importe {a}
{o} tiene una oficina en {c}.
Buongiorno a tutti,
Spettabile ditta,
Fattura numero {x}, totale {a}
{o} ha aperto una sede a {c}.
Beste allemaal,
Factuur {x}, totaal {a}
{o} heeft een kantoor in {c}.
Prezados senhores,
Hej alla,
""".strip("\n")

DID = (
    "has the keys|is ill today|forgot the tickets|will be there at six|never answers|wants to sell the car|lives upstairs|"
    "paid for dinner|asked about the rent|cannot come|broke the window|starts on Monday|works from home|left a message|"
    "brings the salad|moved out in spring|is on the phone|signed the form|knows the way|needs a lift|has two children|"
    "drives to the lake|was here first|wrote a long letter|plays the violin|lost the receipt|is allergic to nuts|"
    "won the match|cooks tonight|sent the photos|grew up by the sea|had an operation|borrowed my ladder|called twice|"
    "complained about the noise|is getting married|turned forty|missed the train|runs the shop|fixed the heating"
)
TAT = (
    "hat die Schlüssel|ist heute krank|hat die Karten vergessen|kommt um sechs|meldet sich nie|will das Auto verkaufen|"
    "wohnt oben|hat das Essen bezahlt|fragt nach der Miete|kann nicht kommen|fängt am Montag an|arbeitet von zu Hause|"
    "bringt den Salat mit|ist im Frühjahr ausgezogen|telefoniert gerade|hat unterschrieben|kennt den Weg|holt die Kinder ab|"
    "geht an den See|war zuerst da|hat einen langen Brief geschrieben|spielt Geige|verträgt keine Nüsse|heiratet im Mai|"
    "hat gewonnen|macht heute Suppe|schickt die Fotos|ist am Meer groß geworden|wurde operiert|hat sich die Leiter geliehen|"
    "beschwert sich über den Lärm|wird vierzig|hat den Zug verpasst|führt den Laden|hat die Heizung repariert|sucht Arbeit|"
    "geht zum Arzt|lernt schwimmen|mag keinen Fisch|ist neu hier|sitzt im Vorstand|hat zugesagt|hat abgesagt|zahlt später"
)
FRAMES = r"""
{who} {did}.
{who} {did}, {who} {did}.
{g} {did} and {g} {did}.
I think {who} {did}.
Did you know? {who} {did}!
{who} {tat}.
{who} {tat}, {who} {tat}.
{g} {tat} und {g} {tat}.
Ich glaube, {who} {tat}.
Weißt du schon? {who} {tat}!
{lg} {tat}
{lg} {did}
weißt du ob {lg} {tat}
{who} ab 9 Uhr {noun}, {who} danach {noun}
{who} und {noun}, {wd}
The {noun} went to {any} in {m}, the {noun} to {any}.
It was {any} who {did}, and only {any} {did}.
On {wd} {who} {did}.
A {noun} for {any}, a {noun} by {any}, a {noun} from {any}.
The {noun} that {any} bought is {word}.
Am {wd} hat {any} den {noun} für {any} gekauft.
Das {noun}, das {any} gehört, {tat}.
Der Neue ist {g}, er {tat}.
Die Neue im Büro, {g}, {tat}.
Her name is {g}, she {did}.
der {g} aus {c} {tat}
eine {noun}, ein {noun} und die {noun}
{noun}, {noun} und {noun} für {a}
Die {noun} {tat}. Der {noun} liegt im {noun}.
{noun}: {a}\n{noun}: {a}\n{noun} {noun}: {a}
Bitte den {noun} und die {noun} bis {wd} in den {noun} legen.
{noun} {x}, {noun} {noun} {d}
{noun} ohne {noun}, mit {noun} und {noun}
Für {noun} und {noun} gilt der {noun} vom {d}.
{word} {word} {word} {word} {word} {word} {word}.
{Word} {word} {word} {word} {word}, {word} {word}. {Word} {word} {word} {word}.
{Word} {Word} {Word}
{word} {word} {word} {word}
{job}, {job} und {job} gesucht
We are hiring: {job}, {job}, {job}
The {job} and the {job} spoke to {who}.
{Word} {word} {word} {who} {word} {word} {word}.
{who} {word} {word} {noun} {word}.
{noun};{noun};{a};{d}
{noun} an {who} geben, {noun} von {who} holen
- {noun}\n- {noun}\n- {word} {noun}
1. {Word} {word} {word} {noun}\n2. {Word} {word} {noun}
{noun} ({noun}): {word} {noun}
""".strip("\n")
"""In `{who}` a person stands or something else; `{noun}`, `{word}` and `{job}` are nobody."""
NOUNS = """
Miete Zimmer Wohnung Küche Heizung Strom Zähler Keller Dach Ziegel Fliese Fenster Tür Schlüssel Schloss Garten Zaun
Hof Treppe Balkon Möbel Regal Tisch Stuhl Bett Schrank Lampe Teppich Vorhang Spiegel Herd Ofen Kühlschrank Angebot
Topf Pfanne Teller Tasse Glas Gabel Messer Löffel Brot Butter Käse Milch Ei Mehl Zucker Salz Pfeffer Suppe Salat
Kuchen Torte Apfel Birne Kirsche Pflaume Kartoffel Zwiebel Tomate Gurke Möhre Bohne Erbse Reis Nudel Fisch Fleisch
Wurst Schinken Wein Bier Saft Wasser Kaffee Tee Kurs Seminar Unterricht Schule Klasse Lehrer Prüfung Zeugnis Heft
Buch Seite Kapitel Absatz Tabelle Bild Foto Film Musik Lied Chor Orchester Geige Klavier Trommel Bühne Theater Museum
Ausstellung Gemälde Farbe Pinsel Ton Papier Pappe Schere Kleber Faden Nadel Stoff Wolle Leder Holz Metall Stein
Sand Erde Blume Baum Busch Wiese Wald Berg Tal Fluss See Meer Strand Insel Hafen Schiff Boot Zug Bahn Bus Auto Rad
Straße Weg Brücke Tunnel Ampel Schild Karte Plan Reise Urlaub Hotel Zelt Koffer Rucksack Pass Ausweis Ticket Flug
Wetter Regen Schnee Wind Sturm Sonne Mond Stern Himmel Wolke Nebel Frost Hitze Kälte Tag Nacht Morgen Abend Woche
Monat Jahr Stunde Minute Termin Kalender Uhr Wecker Telefon Handy Rechner Drucker Kabel Stecker Akku Netz Passwort
Datei Ordner Konto Bank Geld Münze Schein Rechnung Quittung Vertrag Auftrag Lieferung Paket Brief Marke Hallo Danke
Umschlag Anlage Betreff Unterschrift Frist Mahnung Kündigung Widerspruch Antrag Bescheid Amt Behörde Gericht Gesetz
Urteil Klage Zeuge Anwalt Polizei Feuerwehr Arzt Praxis Klinik Rezept Tablette Salbe Verband Impfung Befund Hüfte Knie
Rücken Schulter Hals Kopf Auge Ohr Zahn Hand Fuß Herz Lunge Blut Versicherung Beitrag Steuer Erklärung Zuschuss Rente
Verein Mitglied Vorstand Kasse Spende Sitzung Protokoll Beschluss Wahl Stimme Partei Rat Gemeinde Stadt Dorf Land
Grenze Nachbar Mieter Vermieter Eltern Kinder Mutter Vater Bruder Schwester Tante Onkel Oma Opa Hund Katze Vogel Pferd
Kuh Schaf Huhn Biene Arbeit Beruf Firma Betrieb Werkstatt Büro Kollege Chefin Gehalt Lohn Pause Schicht Projekt Ziel
Bericht Entwurf Fassung Fehler Lösung Frage Antwort Grund Folge Beispiel Regel Ausnahme Anfang Ende Mitte Hälfte Teil
Menge Anzahl Größe Breite Höhe Länge Gewicht Preis Rabatt Summe Betrag Saldo Zins Kredit Schuld Ware Lager Laden
Markt Kunde Tüte Korb Dose Flasche Kiste Sack Müll Tonne Abfall Sperrmüll Umzug Renovierung IBAN BIC Ihr Ihre Zur Mit
Roof Kitchen Garden Carpet Curtain Shed Ladder Bucket Invoice Receipt Budget Deposit Spoon Pillow Engine Wheel Hello
Ledger Payroll Meeting Agenda Quote Council Committee Board Chapter Appendix Figure Table Spring Summer Autumn Thanks
Winter Cover Lighthouse Harbour Studio Poster Sketch Print Paper Ink Frame Canvas Library Chapel Market Mill Bridge
Station Platform Terminal Flight Luggage Passport Visa Customs Weather Thunder Rain Session Hearing Notice Clause Tenant
Owner Agent Broker Lender Trust Fund Bond Share Stock Profit Margin Password Account Server Backup Update Release
"""
ROLES = (
    "caretaker", "doctor", "landlord", "project manager", "Head of Sales", "teacher", "plumber", "accountant",
    "Managing Director", "Hausmeister", "Geschäftsführer", "Ärztin", "Leiter Einkauf", "Lehrer", "Steuerberater",
    "Buchhaltung", "Vermieter", "Kundenbetreuerin", "CEO", "Senior Engineer", "Projektleitung", "nurse", "director",
    "sales", "Key Account Manager", "lawyer", "Notar", "Vorstand", "Kassenwart", "Secretary General", "Editor",
)  # fmt: skip
PRODUCTS = (
    "washing machine", "parcel", "Galaxy S25", "MacBook Air", "ThinkPad", "iPhone 17", "Bosch drill", "contract",
    "ticket", "report", "Waschmaschine", "Paket", "Angebot", "Vertrag", "Fahrkarte", "Bohrmaschine", "Brille",
    "Siemens Kühlschrank", "Golf Variant", "Tesla Model 3", "Windows 12", "Photoshop", "Kaffeemaschine", "books",
    "Amazon Prime", "Netflix", "Office 365", "guitar", "Fahrrad", "garden chairs", "Nutella", "Playstation", "Alexa",
    "Siri", "Mercedes", "Dyson", "Philips Sonicare", "Bahncard 50", "Deutschlandticket", "Kindle", "Spotify",
    "PayPal", "Visa card", "Mastercard", "Google Maps", "Outlook", "annual report", "the Berlin file", "passport",
)  # fmt: skip
TOWNS = (
    "London", "Paris", "Florence", "Victoria", "Austin", "Jackson", "Charlotte", "Sydney", "Madison", "Lincoln",
    "Houston", "Dallas", "San Francisco", "San Diego", "Santa Barbara", "New York", "St. Louis", "Washington",
    "Birmingham", "Manchester", "Dublin", "Edinburgh", "Toronto", "Melbourne", "Wien", "Zürich", "Basel", "Graz",
    "Freiburg", "Bad Homburg", "Frankfurt am Main", "Neustadt", "Hamburg", "Köln", "München", "Berlin", "Leipzig",
    "Lyon", "Marseille", "Madrid", "Sevilla", "Milano", "Torino", "Amsterdam", "Utrecht", "Warszawa", "Kraków",
    "Praha", "Lisboa", "Stockholm", "Oslo", "København", "Helsinki", "Istanbul", "Chicago", "Boston", "Portland",
    "Kentucky", "Georgia", "Virginia", "Carolina", "Chad", "Jordan", "Israel", "India", "Kenya", "China", "Brasil",
    "Germany", "Deutschland", "France", "Italien", "Bayern", "Sachsen", "Orlando", "Denver", "Kingston", "Hastings",
)  # fmt: skip
COMPANIES = (
    "Acme", "Nordlicht Energie", "Papier & Co", "Bosch", "Siemens", "Daimler", "Ford", "Boeing", "Disney", "Dell",
    "Hewlett Packard", "Johnson & Johnson", "Morgan Stanley", "Goldman Sachs", "Ernst & Young", "McKinsey",
    "Deutsche Telekom", "Lufthansa", "Rewe", "Aldi Süd", "Edeka", "Lidl", "dm", "Otto", "Zalando", "Ikea", "Nike",
    "Adidas", "Puma", "Hugo Boss", "Louis Vuitton", "Chanel", "Dr. Oetker", "Ferrero", "Haribo", "Kellogg's",
    "Google", "Microsoft", "Apple", "Amazon", "Meta", "Barclays", "Lloyds", "Marks & Spencer", "Sainsbury's", "Tesco",
    "Allianz", "Techniker Krankenkasse", "AOK", "ADAC", "Stadtwerke", "Finanzamt", "Jobcenter", "Amtsgericht",
    "Red Cross", "Caritas", "Greenpeace", "Oxfam", "Yale University", "Mayo Clinic", "Charité", "DHL", "Hermes",
    "FedEx", "Vodafone", "Bayer", "Merck", "Pfizer", "Procter & Gamble", "Warner Brothers", "Harley-Davidson",
)  # fmt: skip
ENDINGS = ("GmbH", "AG", "Ltd", "Inc.", "LLC", "& Co. KG", "GmbH & Co. KG", "e.V.", "plc", "S.A.", "B.V.", "Group",
           "Bank", "Consulting", "Verlag", "Stiftung", "Hotel", "Bäckerei", "Apotheke", "Partners", "& Sons")  # fmt: skip
STREETS = (
    "High Street", "Church Road", "Baker Street", "Oxford Road", "Park Avenue", "King Street", "Victoria Road",
    "Maple Drive", "Elm Court", "Hauptstraße", "Bahnhofstr.", "Goethestraße", "Schillerstr.", "Am Markt", "Gartenweg",
    "Lindenallee", "Mozartstraße", "Karl-Marx-Allee", "Rosengarten", "Bergmannstraße", "Rue Victor Hugo",
    "Avenue Charles de Gaulle", "Via Garibaldi", "Calle Mayor", "Plaza San Martín", "Prinsengracht", "Kungsgatan",
)  # fmt: skip
THINGS = (
    "the bank", "the insurance", "the school", "the garage", "nobody", "everybody", "somebody", "my sister",
    "your office", "the tax office", "our landlord", "the hospital", "the team", "the board", "she", "he", "they",
    "die Bank", "die Versicherung", "die Schule", "die Werkstatt", "niemand", "jemand", "meine Schwester", "sie", "er",
    "das Finanzamt", "der Vermieter", "die Hausverwaltung", "die Praxis", "das Team", "der Vorstand", "Sie", "wir",
    "Customer Service", "Kundendienst", "Human Resources", "Buchhaltung", "The Management", "Redaktion", "Support",
    "Mutter", "Vater", "Oma", "Mama", "Dad", "Grandma", "Chef", "Nachbarin", "Kollegen", "Accounts Payable",
    "Christmas", "Ostern", "Chemistry", "Mathematik", "Spaghetti", "Basilikum", "Rosmarin", "Jasmin tea", "Olive oil",
    "Version 2", "Chapter 3", "Anhang A", "Figure 4", "Tabelle 2", "Project Apollo", "Sonnenblume", "Rechnung",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December", "Januar", "Februar", "März", "Mai", "Juni", "Juli", "Oktober", "Dezember", "summer", "Sommer",
)  # fmt: skip
DAYS = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Montag", "Dienstag", "Mittwoch",
    "Donnerstag", "Freitag", "Samstag", "Sonntag", "tomorrow", "morgen", "Mon", "Fri", "Di", "Do",
)  # fmt: skip
TITLES = (
    "Mr", "Mrs", "Ms", "Mr.", "Mrs.", "Ms.", "Dr", "Dr.", "Miss", "Prof.", "Professor", "Herr", "Frau", "Herrn",
    "Frau Dr.", "Herr Dr.", "Sir", "Judge", "Pastor", "Pfarrer", "Schwester", "Captain", "Inspector",
)  # fmt: skip
