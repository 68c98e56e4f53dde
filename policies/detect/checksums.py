"""Check digits and checksums: what tells a real number or token from one that only looks like it.

It finds nothing; `expressions` names the check for each form. Every function takes the text as it
was found and answers for any input.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from ipaddress import ip_address

_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_IBAN = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 "
    "EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 "
    "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 "
    "NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 "
    "TN24 TR26 UA29 VA22 VG24 XK20"
)
_CARD_LENGTHS = {
    "4": {13, 16, 19}, "34": {15}, "37": {15}, "35": {16}, "36": {14}, "38": {14}, "30": {14},
    "21": {15}, "18": {15}, "50": {12, 13, 16, 19}, "56": {12, 13, 16, 19}, "57": {12, 13, 16, 19},
    "58": {12, 13, 16, 19}, "63": {12, 13, 16, 18, 19}, "67": {12, 13, 16, 18, 19},
    "5": {16}, "6": {16, 17, 18, 19}, "2": {16},
}  # fmt: skip


def digits(text: str) -> str:
    """Return the ASCII digits of a text."""
    return "".join(each for each in text if each in "0123456789")


def luhn(number: str) -> bool:
    """Tell whether a run of digits ends in its Luhn check digit."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


def card(text: str) -> bool:
    """Tell whether it is the number of a payment card: issuer, length, Luhn, not one digit."""
    number = digits(text)
    lengths = _CARD_LENGTHS.get(number[:2]) or _CARD_LENGTHS.get(number[:1], set())
    return len(number) in lengths and len(set(number)) > 1 and luhn(number)


def iban(text: str) -> bool:
    """Tell whether it is an IBAN: the country's length and ISO 7064 mod 97."""
    plain = "".join(text.split()).replace("-", "").upper()
    wanted = next((int(each[2:]) for each in _IBAN.split() if each[:2] == plain[:2]), 0)
    return len(plain) == wanted and iban_rest(plain) == 1


def iban_rest(plain: str) -> int:
    """Return an IBAN's remainder by 97; 1 is right."""
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(each, 36)) for each in turned) or "0") % 97


def ssn(text: str) -> bool:
    """Tell whether it can be a US social security or taxpayer number."""
    number = digits(text)
    area, group, serial = number[:3], number[3:5], number[5:]
    possible = area not in {"000", "666"} and group != "00" and serial != "0000"
    if area.startswith("9"):  # a taxpayer number
        possible = possible and ("50" <= group <= "65" or "70" <= group <= "99")
    return len(number) == 9 and possible and number not in {"123456789", "078051120"}


def ip(text: str) -> bool:
    """Tell whether it is an IP address of somebody: no wildcard, loopback or example."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback or text.endswith(".0.0.0"))


def github(text: str) -> bool:
    """Tell whether a GitHub or npm token ends in the CRC-32 of the rest, in base 62."""
    body = text.partition("_")[2]
    value, wanted = zlib.crc32(body[:-6].encode()), ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        wanted = _ALNUM[digit] + wanted
    return body.endswith(wanted)


def jwt(text: str) -> bool:
    """Tell whether the first part of three is the header of a JSON web token."""
    head = text.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error):
        return False
    return isinstance(header, dict) and ("alg" in header or "enc" in header)


def base58(text: str) -> bool:
    """Tell whether it ends in its base58check sum: an older bitcoin address."""
    value = 0
    for each in text:
        value = value * 58 + _BASE58.find(each)
    try:
        raw = value.to_bytes(25, "big")
    except OverflowError:
        return False
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def bech32(text: str) -> bool:
    """Tell whether it ends in a bech32 or bech32m sum: a newer bitcoin address."""
    prefix, _, data = text.lower().rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    values += [_BECH32.find(c) for c in data]
    sum_ = 1
    for value in values:
        top, sum_ = sum_ >> 25, (sum_ & 0x1FFFFFF) << 5 ^ value
        for bit, constant in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            sum_ ^= constant if top >> bit & 1 else 0
    return sum_ in {1, 0x2BC830A3}


def nir(text: str) -> bool:
    """Tell whether it is a French social security number: 13 digits and their mod-97 key."""
    number = digits(text)
    return (
        len(number) == 15 and number[0] in "12" and 97 - int(number[:13]) % 97 == int(number[13:])
    )


def dni(text: str) -> bool:
    """Tell whether it is a Spanish DNI or NIE with its check letter."""
    plain = text.upper().replace("-", "")
    number = str("XYZ".find(plain[0])) + plain[1:-1] if plain[0] in "XYZ" else plain[:-1]
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == plain[-1]


def steuer_id(text: str) -> bool:
    """Tell whether it is a German tax identification number: ISO 7064 mod 11,10."""
    number, product = digits(text), 10
    for digit in number[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return len(number) == 11 and number[0] != "0" and (11 - product) % 10 == int(number[-1])


def bsn(text: str) -> bool:
    """Tell whether it is a Dutch citizen service number: the eleven test."""
    number = digits(text)
    total = sum(int(d) * w for d, w in zip(number, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=False))
    return len(number) == 9 and total % 11 == 0 and number != "000000000"
