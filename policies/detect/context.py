"""Context: what the words before a span say of it, where its form alone does not decide.

Pure string work for `expressions`; each check takes what was found and up to 80 characters before.
"""

from __future__ import annotations

from doorward.policies.detect import checksums

_NO_IP = ("version", "release", "build", "firmware", "section", "chapter", "kapitel", "abschnitt",
          "update", "patch", "driver", "revision", "rev.", "§", " v", "(v", "==", ">=", "~=",
          "<=")  # fmt: skip
_NO_PHONE = ("order", "invoice", "isbn", "issn", "tracking", "reference", "ref", "bestell",
             "rechnung", "commande", "facture", "pedido", "factura", "ticket", "serial", "sku",
             "version", "article", "artikel", "case", "model", "part", "doi", "rfc")  # fmt: skip
_NO_CODE = ("zip", "postal", "post", "postcode", "area", "error", "status", "exit", "promo",
            "discount", "product", "item", "bar", "qr", "country", "dialling", "dial", "source",
            "coupon", "voucher", "sort", "swift", "color", "colour", "tax", "http", "response",
            "return", "fehler", "article", "vat", "currency", "building", "penal", "civil", "morse",
            "dress", "plu", "hs", "nace", "icd", "descuento", "erreur")  # fmt: skip
_CODE = ("verif", "secur", "login", "log-in", "log in", "sign", "one-time", "one time", "once",
         "confirm", "access", "authent", "2fa", "otp", "tan", "your", "dein", "ihr", "votre",
         "ton ", "tu ", "su ", "bestätig", "sicherheit", "einmal", "anmelde", "zugang", "vérif",
         "sécurité", "usage unique", "connexion", "acceso", "seguridad", "enter", "use", "pin",
         "passcode", "geben sie", "saisissez", "introduce", "código es", "clave", "code is",
         "mfa")  # fmt: skip
_PLACEHOLDERS = ("${", "{{", "<", "%(", "$(", "os.", "env", "process.", "***", "xxx", "...", "your",
                 "example", "changeme", "placeholder", "redacted", "null", "none", "true", "false",
                 "undefined", "getenv", "settings.", "config.", "self.", "secrets.", "vault:",
                 "http:", "https:", "dein", "str,", "string", "required", "todo")  # fmt: skip
_NOT_IN_SEEDS = frozenset(
    (
        "the", "and", "for", "with", "are", "was", "were", "from", "been", "has", "had", "his",
        "her", "our", "their", "which", "would", "could", "should", "said", "into", "not", "but",
        "who", "its", "out", "all", "your", "them", "than", "these", "those",
    )
)  # fmt: skip
_SEED = ("seed", "recovery", "mnemonic", "wallet", "passphrase", "backup phrase", "secret phrase",
         "wiederherstell", "semilla", "recuperación", "récupération")  # fmt: skip


def address_ip(text: str, before: str) -> bool:
    """Tell an IP address from the number of a version or a section."""
    near = before[-24:].lower()
    words = any(word in near for word in _NO_IP)
    return not words and not before[-1:].isalnum() and checksums.ip(text)


def called(text: str, before: str) -> bool:
    """Accept what follows a word such as "call": also a local number of seven digits."""
    return len(checksums.digits(text)) == 7 or phone(text, before)


def phone(text: str, before: str) -> bool:
    """Tell a telephone number from the number of an order, a book or a day."""
    number = checksums.digits(text)
    if not 8 <= len(number) <= 15 or len(set(number)) < 3 or number.startswith(("978", "979")):
        return False
    near = before[-22:].lower().split("\n")[-1]
    if any(word in near for word in _NO_PHONE) or before[-1:] in {"#", "/", "-", ".", "="}:
        return False
    if text.startswith("0") and before[-1:] == " " and before[-2:-1].isdigit():
        return False  # the rest of a longer number
    return not _is_day(text)


def _is_day(text: str) -> bool:
    plain = text
    for sign in "/-. ":
        plain = plain.replace(sign, ".")
    parts = [part for part in plain.split(".")[:3] if part.isdigit()]
    return len(parts) == 3 and sorted(map(len, parts))[-1] == 4 and len(parts[1]) == 2


def code(text: str, before: str) -> bool:
    """Tell a one-time code from a postal, error or product code."""
    near = before.lower().rpartition("\n")[2][-64:] or before.lower()[-64:]
    words = near.replace("-", " ").split()
    for place, word in enumerate(words):
        leads = words[place - 1] if place else ""
        is_code = word.startswith(("code", "código", "codigo"))
        if is_code and leads.strip("(:,.") in _NO_CODE:
            return False
        if word.startswith(("postcode", "barcode", "zip", "fehlercode", "postal", "postleit")):
            return False
    number = checksums.digits(text)
    year = len(number) == 4 and number[:2] in {"19", "20"} and "pin" not in near
    return not year and len(number) >= 4 and any(word in near for word in _CODE)


def reverse_code(text: str, before: str) -> bool:
    """Accept a number that the following words call a code."""
    return len(checksums.digits(text)) >= 4


def assigned(text: str, before: str) -> bool:
    """Tell a value after `token =` from a placeholder, a call or a plain word."""
    low = text.lower()
    if any(each in low for each in _PLACEHOLDERS) or "(" in text or len(set(text)) < 4:
        return False
    return _mixed(text) or (len(text) >= 8 and before[-1:] in {'"', "'"} and " " not in text)


def spoken(text: str, before: str) -> bool:
    """Tell "the password is Sunny-4" from "the password is required"."""
    plain = text.strip(".,;:!?)\"'“”„«»")
    quoted = before[-1:] in {'"', "'", "“", "„", "«", "`"}
    is_call = "()" in text
    if len(plain) < 4 or is_call or any(each in plain.lower() for each in _PLACEHOLDERS):
        return False
    is_pin = plain.isdigit() and len(plain) <= 8
    return quoted or is_pin or _mixed(plain) or (plain.islower() and len(plain) >= 14)


def _mixed(text: str) -> bool:
    """Tell whether a word has what words do not have: digits among letters, odd signs, capitals."""
    kinds = [
        any(each.isdigit() for each in text),
        any(not each.isalnum() and each not in "-'’.," for each in text),
        any(each.isupper() for each in text[1:]) and any(each.islower() for each in text),
    ]
    letters = any(each.isalpha() for each in text)
    return letters and any(kinds)


def seed(text: str, before: str) -> bool:
    """Tell a wallet's recovery phrase from a sentence."""
    words = text.replace(",", " ").split()
    if not _NOT_IN_SEEDS.isdisjoint(words) or len(set(words)) * 2 < len(words):
        return False
    named = any(each in before.lower() for each in _SEED)
    return named or (len(words) in {12, 15, 18, 21, 24} and before.rstrip(" ")[-1:] in {"", "\n"})


def near(*wanted: str) -> Near:
    """Return a check that one of these words stands before."""
    return Near(wanted)


class Near:
    """A check that a word stands before, and that the check digits are right."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        """Look for these words, lower case."""
        self._wanted = wanted

    def __call__(self, text: str, before: str) -> bool:
        """Tell whether one stands in the 40 characters before."""
        return any(word in before[-40:].lower() for word in self._wanted)
