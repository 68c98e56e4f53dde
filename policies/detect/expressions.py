"""Expressions: the forms of tier 0, as RE2 patterns with their checks.

A table and nothing else; `scan` runs it. Only RE2: whoever writes the text cannot make it run
away. They are matched against the bytes of UTF-8, in which everything from 0x80 on counts as a
letter: the tables of Unicode would make each program a hundred times larger. An expression names
anchors (lower case), of which a text has to hold one for it to be tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doorward.policies.detect import checksums, context
from doorward.policies.detect.findings import Kind

Check = Callable[[str, str], bool]
"""Takes what was found and up to 80 characters before it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One form."""

    kind: Kind
    pattern: str
    """RE2; the first group is the span, or the whole match."""
    anchors: tuple[str, ...] = ()
    check: Check | None = None


def _alone(check: Callable[[str], bool]) -> Check:
    return lambda text, before: check(text)


def _national(check: Callable[[str], bool], *words: str) -> Check:
    stands = context.near(*words)
    return lambda text, before: check(text) and stands(text, before)


_TOKENS = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
    r"gl(?:pat|dt|rt|ptt|cbt|ft|soat|agent)-[\w-]{20,64}",
    r"xox[abeoprs]-[0-9A-Za-z-]{10,200}",
    r"xapp-\d-[A-Z0-9]+-\d+-[a-z0-9]+",
    r"hooks\.slack\.com/services/T\w{6,12}/B\w{6,12}/\w{20,26}",
    r"(?:sk|rk)_(?:live|test)_[0-9a-zA-Z]{16,120}|whsec_[A-Za-z0-9+/]{24,64}",
    r"AIza[\w-]{35}",
    r"ya29\.[\w-]{20,400}|GOCSPX-[\w-]{28}|1//0[\w-]{40,120}",
    r"sk-(?:proj-|svcacct-|admin-|or-v1-|ant-[a-z]+\d\d-)[\w-]{20,200}|sk-[A-Za-z0-9]{32,64}\b",
    r"pypi-AgE[\w-]{50,300}",
    r"SG\.[\w-]{22}\.[\w-]{43}",
    r"SK[0-9a-f]{32}\b",
    r"hf_[A-Za-z0-9]{34}\b|r8_[A-Za-z0-9]{37}\b|gsk_[A-Za-z0-9]{52}\b",
    r"do[opr]_v1_[a-f0-9]{64}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
    r"\d{8,10}:AA[\w-]{33}",
    r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}",
    r"key-[0-9a-f]{32}\b|dapi[a-f0-9]{32}\b|sq0(?:atp|csp)-[\w-]{22,43}",
    r"lin_api_[A-Za-z0-9]{40}|ntn_[A-Za-z0-9]{40,50}|PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    r"hvs\.[\w-]{24,120}|AGE-SECRET-KEY-1[A-Z0-9]{58}|dp\.(?:pt|st|ct)\.[\w.-]{40,60}",
)
_TOKEN_ANCHORS = (
    "akia", "asia", "abia", "acca", "github_pat_", "gl", "xox", "xapp-", "hooks.slack", "sk", "rk_",
    "whsec_", "aiza", "ya29", "gocspx", "1//0", "pypi-", "sg.", "hf_", "r8_", "do", "shp", ":aa",
    "key-", "dapi", "sq0", "lin_api_", "ntn_", "pmak-", "hvs.", "age-secret", "dp.",
)  # fmt: skip
_NAMES = (
    r"(?:pass(?:word|wd|phrase|code)|pwd|pw|api[_-]?key|apikey|secret(?:[_-]?(?:access[_-]?)?key)?|"
    r"access[_-]?(?:token|key)|auth[_-]?token|client[_-]?secret|private[_-]?key|account[_-]?key|"
    r"token|bearer|credential|passwort|kennwort|mot de passe|contraseña)"
)
_SPOKEN = (
    r"(?:password|passcode|passphrase|passwort|kennwort|pin|mot de passe|contraseña|clave|"
    r"wachtwoord|login|pwd|pw)"
)
_STREETS = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|"
    "Terrace|Way|Crescent|Close|Highway|Hwy|Parkway|Pkwy|Circle|Gardens|Mews"
)


def forms() -> tuple[Expression, ...]:
    """Return every form of tier 0."""
    return (*_secrets(), *_people(), *_numbers())


def _secrets() -> tuple[Expression, ...]:
    return (
        Expression(Kind.TOKEN, r"\b((?:" + "|".join(_TOKENS) + "))", _TOKEN_ANCHORS),
        Expression(
            Kind.TOKEN,
            r"\b((?:gh[pousr]|npm)_[A-Za-z0-9]{36})\b",
            ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"),
            _alone(checksums.github),
        ),
        Expression(
            Kind.TOKEN,
            r"\b(eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})",
            ("eyj",),
            _alone(checksums.jwt),
        ),
        Expression(
            Kind.PRIVATE_KEY,
            r"(?s)(-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----.*?"
            r"(?:-----END [A-Z0-9 ]+-----|\z))",
            ("-----begin ",),
        ),
        Expression(
            Kind.PASSWORD,
            r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/@\"'<>]{0,64}:([^\s@/\"'<>]{3,128})@",
            ("://",),
            lambda text, before: not text.startswith(("$", "{", "<")),
        ),
        Expression(
            Kind.PASSWORD,
            r"(?i)(?:\b|_)" + _NAMES + r"[\"']?\s{0,3}(?::=|=>|=|:)\s{0,3}(?:bearer )?[\"']?"
            r"([^\s\"',;<>]{6,256})",
            ("pass", "pwd", "pw", "key", "secret", "token", "bearer", "credential", "kennwort",
             "mot de", "contrase"),
            context.assigned,
        ),
        Expression(
            Kind.PASSWORD,
            r"(?i)\b\w{0,12}" + _SPOKEN + r"s?\b"
            r"(?:[ ,]{1,2}[\w\x80-\xff'._@-]{1,24}){0,6}?"
            r"(?: (?:is|was|ist|lautet|war|est|es|are|to|=)(?: now| jetzt| still)?:?"
            r"|:|=|,|->) {0,3}"
            r"(?:\"|'|“|„|«|`)?([^\s\"`]{4,64})",
            ("pass", "pin", "kennwort", "mot de", "contrase", "clave", "wachtwoord", "login", "pw"),
            context.spoken,
        ),
        Expression(
            Kind.CODE,
            r"(?i)(?:code|otp|pass|pin\b|tan\b|kennzahl|código|codigo|clave|einmal|usage unique)"
            r"[^\d\n]{0,60}?\b(?:[A-Z]{1,3}-)?(\d{3}[ -]?\d{3,5}|\d{4,8})\b",
            ("code", "otp", "pass", "pin", "tan", "kennzahl", "digo", "clave", "einmal", "unique"),
            context.code,
        ),
        Expression(
            Kind.CODE,
            r"(?i)\b(\d{3}[ -]?\d{3}|\d{4,8})\b (?:is|ist|est|es|lautet|as|to|als|comme|como|para) "
            r"(?:[A-Za-z\x80-\xff'-]{1,16} ){0,5}?"
            r"[A-Za-z\x80-\xff'-]{0,16}(?:code|otp|passcode|passwor[dt]|tan|pin|"
            r"código|codigo|clave|verify|log in|sign in|confirm)",
            ("code", "otp", "pass", "tan", "pin", "digo", "clave", "verify", "log in", "sign in",
             "confirm"),
            context.reverse_code,
        ),
        Expression(
            Kind.SEED,
            r"((?:\b[a-z]{3,8}\b[ ,\n]{1,3}){11,23}[a-z]{3,8})\b",
            (),
            context.seed,
        ),
        Expression(
            Kind.SEED,
            r"((?:\b\d{1,2}[.):]? ?[a-z]{3,8}[ ,\n]{1,3}){11,23}\d{1,2}[.):]? ?[a-z]{3,8})\b",
            ("12",),
        ),
    )  # fmt: skip


def _people() -> tuple[Expression, ...]:
    return (
        Expression(
            Kind.EMAIL,
            r"(?i)\b([\w\x80-\xff][\w\x80-\xff._%+'-]{0,63}@(?:[\w\x80-\xff](?:[\w\x80-\xff-]{0,62}[\w\x80-\xff])?\.){1,8}"
            r"(?:[a-z\x80-\xff]{2,24}|xn--[a-z0-9-]{2,40}))\b",
            ("@",),
            lambda text, before: not text.lower().endswith((".png", ".jpg", ".gif", ".svg")),
        ),
        Expression(
            Kind.ADDRESS,
            r"\b(\d{1,5}[A-Za-z]?,? (?:[NSEW]\.? )?"
            r"(?:[A-Z][A-Za-z\x80-\xff'.-]{1,20} ){1,3}(?:" + _STREETS
            + r")\b\.?(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.? ?[\dA-Z-]{1,6})?"
            r"(?:[,\n] ?[A-Z][A-Za-z\x80-\xff .'-]{2,30}?,? [A-Z]{2} \d{5}(?:-\d{4})?)?)",
        ),
        Expression(
            Kind.ADDRESS,
            r"((?:(?:\b[A-Z\x80-\xff][A-Za-z\x80-\xff.-]{1,24}[ -]){0,2}\b[A-Z\x80-\xff]"
            r"[A-Za-z\x80-\xff-]{1,24}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer)|"
            r"\b[A-Z\x80-\xff][A-Za-z\x80-\xff-]{2,24}(?:er|-)[ -](?:Straße|Str\.|Weg|Platz|Allee|"
            r"Ring|Damm)) \d{1,4} ?[a-h]?\b(?:,? ?\d{5} [A-Z\x80-\xff][A-Za-z\x80-\xff-]{2,24})?)",
            ("stra", "str.", "weg", "platz", "allee", "gasse", "damm", "ufer", "ring"),
        ),
        Expression(
            Kind.ADDRESS,
            r"(?i)\b(\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|bd|place|chemin|allée|quai|"
            r"impasse) (?:[A-Za-z\x80-\xff'-]{1,20} ?){1,5}"
            r"(?:,? ?\d{5} [A-Za-z\x80-\xff'-]{2,24})?)",
            ("rue", "avenue", "boulevard", "bd", "place", "chemin", "allée", "quai", "impasse"),
        ),
        Expression(
            Kind.ADDRESS,
            r"\b((?:Calle|C/|Avda\.?|Avenida|Plaza|Paseo|Camino|Via|Viale|Piazza) "
            r"(?:[A-Za-z\x80-\xff'.-]{1,20} ){0,4}"
            r"[A-Za-z\x80-\xff'.-]{1,20},? (?:n\.?º ?)?\d{1,4})\b",
            ("calle", "c/", "avda", "avenida", "plaza", "paseo", "camino", "via", "piazza"),
        ),
    )  # fmt: skip


def _numbers() -> tuple[Expression, ...]:
    return (
        Expression(
            Kind.IBAN,
            r"\b([A-Za-z]{2}\d{2}[ -]?(?:[A-Za-z0-9]{4}[ -]?){2,7}[A-Za-z0-9]{1,4})\b",
            (),
            _alone(checksums.iban),
        ),
        Expression(Kind.CARD, r"\b([1-6](?:\d[ -]?){10,17}\d)\b", (), _alone(checksums.card)),
        Expression(Kind.SSN, r"\b(\d{3}-\d{2}-\d{4})\b", ("-",), _alone(checksums.ssn)),
        Expression(
            Kind.SSN,
            r"\b(\d{9}|\d{3} \d{2} \d{4})\b",
            ("ssn", "social security", "itin", "taxpayer"),
            _national(checksums.ssn, "ssn", "social security", "itin", "taxpayer"),
        ),
        Expression(
            Kind.NATIONAL_ID,
            r"\b([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D])\b",
        ),
        Expression(Kind.NATIONAL_ID, r"\b([12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2})\b", (),
                   _alone(checksums.nir)),
        Expression(Kind.NATIONAL_ID, r"\b((?:[XYZ]-?\d{7}|\d{8})-?[A-Z])\b", (),
                   _alone(checksums.dni)),
        Expression(Kind.NATIONAL_ID, r"\b([A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z])\b"),
        Expression(
            Kind.NATIONAL_ID,
            r"\b(\d{2} ?\d{3} ?\d{3} ?\d{3})\b",
            ("steuer", "idnr", "tax id", "tin"),
            _national(checksums.steuer_id, "steuer", "idnr", "tax id", "tin"),
        ),
        Expression(Kind.NATIONAL_ID, r"\b(\d{9})\b", ("bsn", "burgerservice"),
                   _national(checksums.bsn, "bsn", "burgerservice")),
        Expression(
            Kind.IP,
            r"\b(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?:[^\w.]|\.\D|\.?\z)",
            (".",),
            context.address_ip,
        ),
        Expression(
            Kind.IP,
            r"(?:\A|[\s\[(\"'=,])((?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4})(?:[^\w:]|\z)",
            (":",),
            _alone(lambda text: checksums.ip(text) and len(text) > 6),
        ),
        Expression(Kind.MAC, r"\b((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})\b"),
        Expression(Kind.WALLET, r"\b(bc1[ac-hj-np-z02-9]{11,71})\b", ("bc1",),
                   _alone(checksums.bech32)),
        Expression(Kind.WALLET, r"\b([13][1-9A-HJ-NP-Za-km-z]{25,34})\b", (),
                   _alone(checksums.base58)),
        Expression(Kind.WALLET, r"\b(0x[0-9a-fA-F]{40})\b", ("0x",)),
        Expression(
            Kind.PHONE,
            r"((?:\+|\b00)[1-9]\d{0,2}[ .\-/]?(?:\(0?\d{0,4}\)[ .\-/]?)?\d{1,5}"
            r"(?:[ .\-/]?\d{2,5}){1,5})\b",
            ("+", "00"),
            context.phone,
        ),
        Expression(
            Kind.PHONE,
            r"(?:\A|[^\w.+\-])((?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}"
            r"(?: ?(?:x|ext\.?) ?\d{1,6})?)\b",
            (),
            context.phone,
        ),
        Expression(
            Kind.PHONE,
            r"(?:\A|[^\w.+\-,])(\(?0[1-9]\d{0,4}\)?(?:[ ./\-]{1,3}\d{2,8}){1,5})\b",
            (" 0", "(0", "\n0", ":0"),
            lambda text, before: len(checksums.digits(text)) >= 9 and context.phone(text, before),
        ),
        Expression(
            Kind.PHONE,
            r"(?i)\b(?:tel|phone|telefon|mobile|mobil|handy|cell|call|fax|whatsapp|sms|móvil|"
            r"portable|téléphone|teléfono)[a-z]{0,4}\.?(?: (?:me|us|is|at|on|number|nummer|no\.?))"
            r"{0,3}:?[ \n]{0,2}(\+?[\d(][\d ().\-/]{6,18}\d)\b",
            ("tel", "phone", "mob", "handy", "cell", "call", "fax", "sms", "vil",
             "portable", "tél"),
            context.called,
        ),
    )  # fmt: skip
