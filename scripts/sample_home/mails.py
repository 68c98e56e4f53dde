"""The mails of Anna: promises with dates, reminders, a newsletter.

It holds no invoices; those that came by mail are in `invoices_other`. `build` calls it.
"""

from __future__ import annotations

from sample_home.mail import HERE, letter
from sample_home.tree import Document, Promise

MIRIAM = "Miriam Okafor <okafor@kleine-welle.example>"
KRAHL = "Tobias Krahl <krahl@krahl-hausverwaltung.example>"
PRIYA = "Priya Nair <priya@foxglove-tea.example>"
HENRIKE = "Henrike Vogt <vogt@steuerkontor-vogt.example>"
LENA = "Lena Berger <lena.berger@post.example>"


def documents() -> list[Document]:
    """Return the mails."""
    return [*_work(), *_house(), *_money(), *_private()]


def _mail(  # noqa: PLR0913 - one argument for each fact of a mail
    name: str,
    people: tuple[str, str],
    subject: str,
    sent: str,
    text: str,
    *,
    topic: str,
    promises: tuple[Promise, ...] = (),
    mentions: bool = False,
    html: str = "",
) -> Document:
    sender, to = people
    return Document(
        path=f"Mail/{name}.eml",
        data=letter(sender=sender, to=to, subject=subject, sent=sent, text=text, html=html),
        modified=sent[:10],
        topic=topic,
        date=sent[:10],
        promises=promises,
        mentions=mentions,
    )


def _promise(who: str, to: str, what: str, by: str, quote: str) -> Promise:
    return Promise(who=who, to=to, what=what, by=by, quote=quote)


def _work() -> list[Document]:
    proofs = "I will send you the printed proofs by Friday."
    cover = "I'll send you the corrected cover by next Monday."
    originals = "I will bring the original drawings to Bremen on 24 November."
    deposit = "We will transfer the deposit by Friday."
    sketches = "You will get the first three sketches from me by 20 November."
    return [
        _mail(
            "Inbox/Lighthouse Cat proofs",
            (MIRIAM, HERE),
            "The Lighthouse Cat: proofs",
            "2026-11-10T10:12",
            "Dear Anna,\n\nthe printer has confirmed the slot. "
            + proofs
            + " Could you look at the cover again? The blue is a little heavy, and the cat's tail"
            " touches the title.\n\nThe sales meeting liked spread seven most of all.\n\n"
            "Warm regards\nMiriam\n\n-- \nMiriam Okafor, Kleine Welle Verlag\n",
            topic="Kleine Welle",
            promises=(
                _promise("Miriam Okafor", "Anna", "send the printed proofs", "2026-11-13", proofs),
            ),
        ),
        _mail(
            "Gesendet/Re_ Lighthouse Cat proofs",
            (HERE, MIRIAM),
            "Re: The Lighthouse Cat: proofs",
            "2026-11-11T08:50",
            "Dear Miriam,\n\nyou are right about the blue. "
            + cover
            + "\n"
            + originals
            + "\n\nBest\nAnna\n\n> Could you look at the cover again? The blue is a little"
            " heavy, and the cat's tail\n> touches the title.\n",
            topic="Kleine Welle",
            promises=(
                _promise("Anna", "Miriam Okafor", "send the corrected cover", "2026-11-16", cover),
                _promise(
                    "Anna", "Miriam Okafor", "bring the original drawings", "2026-11-24", originals
                ),
            ),
        ),
        _mail(
            "Inbox/Winter blend",
            (PRIYA, HERE),
            "Winter blend tins",
            "2026-11-04T15:31",
            "Hello Anna,\n\nthe board said yes to four winter tins: orange, clove, pine and smoke. "
            + deposit
            + " It would be lovely to see rough ideas before the end of the month.\n\nPriya\n",
            topic="Foxglove",
            promises=(
                _promise("Priya Nair", "Anna", "transfer the deposit", "2026-11-06", deposit),
            ),
        ),
        _mail(
            "Gesendet/Re_ Winter blend",
            (HERE, PRIYA),
            "Re: Winter blend tins",
            "2026-11-05T09:05",
            "Hello Priya,\n\nwonderful news! "
            + sketches
            + " Smoke will be the hard one.\n\nAnna\n",
            topic="Foxglove",
            promises=(
                _promise("Anna", "Priya Nair", "send three sketches", "2026-11-20", sketches),
            ),
        ),
    ]


def _house() -> list[Document]:
    meters = "I promise to read the meters and send you the numbers by 27 November 2026."
    lamp = "I will pay you back the 120 EUR for the staircase lamp tomorrow."
    plumber = "We will send a plumber by 25 November."
    return [
        _mail(
            "Gesendet/Heating",
            (HERE, KRAHL),
            "Heating in the bathroom, Fischbrunnenweg 14",
            "2026-11-17T18:20",
            "Dear Mr Krahl,\n\nthe radiator in my bathroom has been cold since Sunday. Please have"
            " somebody look at it. " + meters + "\n\nKind regards\nAnna Berger\n",
            topic="flat",
            promises=(
                _promise("Anna", "Tobias Krahl", "send the meter readings", "2026-11-27", meters),
            ),
        ),
        _mail(
            "Inbox/Re_ Heating",
            (KRAHL, HERE),
            "Re: Heating in the bathroom, Fischbrunnenweg 14",
            "2026-11-18T11:02",
            "Dear Ms Berger,\n\nthank you for telling us. "
            + plumber
            + "\n"
            + lamp
            + "\n\nSincerely\nT. Krahl, Krahl Hausverwaltung\n",
            topic="flat",
            promises=(
                _promise("Tobias Krahl", "Anna", "send a plumber", "2026-11-25", plumber),
                _promise("Tobias Krahl", "Anna", "pay back 120 EUR", "2026-11-19", lamp),
            ),
        ),
    ]


def _money() -> list[Document]:
    upload = "I'll upload all the October invoices by Wednesday."
    file = "I will file your VAT return by 10 December 2026."
    return [
        _mail(
            "Inbox/Payment reminder RE-2026-10418",
            ("Nordlicht Papierwaren <buchhaltung@nordlicht-papier.example>", HERE),
            "Payment reminder: invoice RE-2026-10418",
            "2026-11-02T07:00",
            "Dear Ms Berger,\n\nour invoice RE-2026-10418 of 07.10.2026 over 526,81 EUR was due on"
            " 21.10.2026. We could not find your payment yet. Surely it was only forgotten: please"
            " transfer the amount by 12.11.2026. If you have paid meanwhile, ignore this"
            " reminder.\n\nNordlicht Papierwaren, accounts\n",
            topic="studio supplies",
            mentions=True,
        ),
        _mail(
            "Inbox/Your prints are ready",
            ("Harbour & Finch <hello@harbourandfinch.example>", HERE),
            "Your prints are ready (and an invoice)",
            "2026-10-12T16:45",
            "Hi Anna,\n\nall 85 prints left the press today and look gorgeous. The invoice HF/2291"
            " is in the shared folder; 872.00 GBP remain after your deposit. The parcel should"
            " reach Hamburg within a week.\n\nTom at Harbour & Finch\n",
            topic="printing",
            mentions=True,
        ),
        _mail(
            "Inbox/Third quarter",
            (HENRIKE, HERE),
            "Receipts for the third quarter",
            "2026-11-12T09:40",
            "Dear Ms Berger,\n\nfor the bookkeeping I still miss your invoices of October and the"
            " travel receipts. " + file + "\n\nHenrike Vogt, tax adviser\n",
            topic="tax",
            promises=(_promise("Henrike Vogt", "Anna", "file the VAT return", "2026-12-10", file),),
            mentions=True,
        ),
        _mail(
            "Gesendet/Re_ Third quarter",
            (HERE, HENRIKE),
            "Re: Receipts for the third quarter",
            "2026-11-13T12:15",
            "Dear Henrike,\n\nsorry for the delay. "
            + upload
            + " The travel receipts are already in the folder.\n\nAnna\n",
            topic="tax",
            promises=(
                _promise("Anna", "Henrike Vogt", "upload the invoices", "2026-11-18", upload),
            ),
            mentions=True,
        ),
    ]


def _private() -> list[Document]:
    station = "I'll pick you up at the station on 5 December."
    mum = "I will call Mum tomorrow about the cake."
    return [
        _mail(
            "Inbox/Advent",
            (LENA, HERE),
            "Advent at Mum's 🕯",
            "2026-11-15T20:08",
            "Hey little sister,\n\nthe train at 14:32 is perfect. "
            + station
            + " Bring the good scissors. Maybe we could bake the walnut bread again?\n\nLena\n",
            topic="family",
            promises=(
                _promise(
                    "Lena Berger", "Anna", "pick her up at the station", "2026-12-05", station
                ),
            ),
        ),
        _mail(
            "Gesendet/Re_ Advent",
            (HERE, LENA),
            "Re: Advent at Mum's 🕯",
            "2026-11-16T07:55",
            "Hi Lena,\n\nyes to the walnut bread. " + mum + " I might also make lanterns.\n\nA.\n",
            topic="family",
            promises=(_promise("Anna", "Lena Berger", "call Mum", "2026-11-17", mum),),
        ),
        _mail(
            "Inbox/Appointment confirmed",
            ("Praxis Dr. Brandt <termine@praxis-brandt.example>", HERE),
            "Appointment confirmed",
            "2026-11-19T13:00",
            "Dear Ms Berger,\n\nyour appointment with Dr. Brandt (orthopaedics) is on 2 December"
            " 2026 at 10:15. Please bring the referral and your insurance card.\n",
            topic="health",
        ),
        _mail(
            "Inbox/Brightpixel News",
            ("Brightpixel News <news@brightpixel.example>", HERE),
            "You'll love what's new in Studio 12",
            "2026-11-06T05:30",
            "Brushes that feel like brushes. Studio 12 is here.\n\nYou will get 30% off every"
            " course until 30 November. Unsubscribe: brightpixel.example/bye\n",
            topic="software",
            html="<h1>Studio 12</h1><p>Brushes that feel like brushes.</p><p>You will get <b>30%"
            " off</b> every course until 30 November.</p><p><a href='https://brightpixel.example"
            "/bye'>Unsubscribe</a></p>",
        ),
    ]
