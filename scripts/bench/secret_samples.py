"""Made-up secrets of 26 classes and 21 classes of what only looks like one; nobody's, seeded."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import string
import uuid
import zlib
from collections.abc import Callable

ALNUM = string.digits + string.ascii_uppercase + string.ascii_lowercase
HEX = "0123456789abcdef"
WORDS = (
    "abandon", "ability", "brave", "canyon", "citizen", "dolphin", "drift", "elegant", "fabric",
    "gadget", "harvest", "icon", "jungle", "kitten", "lemon", "mango", "napkin", "oxygen",
    "panther", "quantum", "ribbon", "salmon", "timber", "umbrella", "velvet", "walnut", "yellow",
    "zebra", "anchor", "basket", "cactus", "dentist", "eagle", "flavor", "guitar", "hockey",
    "island", "jacket", "lizard",
)  # fmt: skip
PROSE = ("Sunny-Garden7", "hunter2!", "Rain4Tomorrow", "blue.Kettle.88", "Tr0ub4dor&3",
         "correcthorsebattery", "morgenstern", "apfelkuchen", "Q7-alpha-9",
         "ilovecats")  # fmt: skip

Make = Callable[[random.Random], tuple[str, str]]
"""Makes a text and the secret in it."""


def positives(each: int, seed: int = 7) -> list[tuple[str, str, str]]:
    """Return class, text and secret."""
    rng = random.Random(seed)
    return [(name, *make(rng)) for name, make in _positive().items() for _ in range(each)]


def negatives(each: int, seed: int = 8) -> list[tuple[str, str]]:
    """Return class and text."""
    rng = random.Random(seed)
    return [(name, make(rng)) for name, make in _negative().items() for _ in range(each)]


def some(rng: random.Random, alphabet: str, count: int) -> str:
    return "".join(rng.choices(alphabet, k=count))


def summed(rng: random.Random, prefix: str) -> str:
    """Return a token that ends in the base-62 CRC-32 of its body, as GitHub's and npm's do."""
    body, check = some(rng, ALNUM, 30), ""
    value = zlib.crc32(body.encode())
    for _ in range(6):
        value, digit = divmod(value, 62)
        check = ALNUM[digit] + check
    return prefix + body + check


def jwt(rng: random.Random) -> str:
    def part(data: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    text = part({"alg": "HS256", "typ": "JWT"}) + "." + part({"sub": some(rng, ALNUM, 12)})
    mac = hmac.digest(some(rng, ALNUM, 20).encode(), text.encode(), hashlib.sha256)
    return text + "." + base64.urlsafe_b64encode(mac).decode().rstrip("=")


def pem(rng: random.Random, what: str) -> str:
    lines = [base64.b64encode(rng.randbytes(48)).decode() for _ in range(12)]
    return "\n".join([f"-----BEGIN {what}-----", *lines, f"-----END {what}-----"])


def _set(name: str, make: Callable[[random.Random], str]) -> Make:
    def made(rng: random.Random) -> tuple[str, str]:
        secret = make(rng)
        form = rng.choice(['{} = "{}"', "{}: {}", "export {}={}", "my {} is {} ok"])
        return form.format(name, secret), secret

    return made


def _said(texts: tuple[str, ...], make: Callable[[random.Random], str]) -> Make:
    def made(rng: random.Random) -> tuple[str, str]:
        secret = make(rng)
        return rng.choice(texts).format(secret), secret

    return made


def _positive() -> dict[str, Make]:
    word = "-_" + ALNUM
    return {
        "aws key": _set("aws", lambda r: "AKIA" + some(r, string.ascii_uppercase + "234567", 16)),
        "github": _set("github", lambda r: summed(r, r.choice(["ghp_", "gho_", "ghs_"]))),
        "github fine": _set(
            "token", lambda r: f"github_pat_{some(r, ALNUM, 22)}_{some(r, ALNUM, 59)}"
        ),
        "gitlab": _set("gitlab", lambda r: "glpat-" + some(r, word, 20)),
        "slack": _set(
            "slack",
            lambda r: (
                f"xoxb-{some(r, string.digits, 12)}-{some(r, string.digits, 12)}-"
                + some(r, ALNUM, 24)
            ),
        ),
        "slack hook": _said(
            ("post to https://{}", "webhook https://{} please"),
            lambda r: (
                "hooks.slack.com/services/"
                + f"T{some(r, ALNUM[:36], 8)}/B{some(r, ALNUM[:36], 8)}/{some(r, ALNUM, 24)}"
            ),
        ),
        "stripe": _set("stripe", lambda r: "sk_live_" + some(r, ALNUM, 24)),
        "google": _set("google", lambda r: "AIza" + some(r, word, 35)),
        "openai": _set("openai", lambda r: "sk-proj-" + some(r, word, 48)),
        "anthropic": _set("claude", lambda r: "sk-ant-api03-" + some(r, word, 93) + "AA"),
        "npm": _set("npm", lambda r: summed(r, "npm_")),
        "pypi": _set("pypi", lambda r: "pypi-AgEIcHlwaS5vcmc" + some(r, word, 150)),
        "jwt": _set("session", jwt),
        "pem": _said(("{}", "key:\n{}\n"), lambda r: pem(r, "RSA PRIVATE KEY")),
        "sendgrid": _set("mail", lambda r: f"SG.{some(r, word, 22)}.{some(r, word, 43)}"),
        "twilio": _set("twilio", lambda r: "SK" + some(r, HEX, 32)),
        "hugging face": _set("hf", lambda r: "hf_" + some(r, string.ascii_letters, 34)),
        "digitalocean": _set("do", lambda r: "dop_v1_" + some(r, HEX, 64)),
        "shopify": _set("shop", lambda r: "shpat_" + some(r, HEX, 32)),
        "telegram": _set("bot", lambda r: f"{some(r, '123456789', 10)}:AA{some(r, word, 33)}"),
        "password =": _said(
            ('password = "{}"', "DB_PASSWORD={}", "api_key: {}", "client_secret='{}'"),
            lambda r: some(r, ALNUM + "!#%", 14) + "7",
        ),
        "secret key": _said(
            ("aws_secret_access_key = {}", 'SECRET_KEY = "{}"'), lambda r: some(r, ALNUM + "/+", 40)
        ),
        "url": _said(
            ("postgres://app:{}@db.example/x", "https://me:{}@git.example/r.git"),
            lambda r: some(r, ALNUM, 14),
        ),
        "prose password": _said(
            (
                "The wifi password is {}.",
                "Das Passwort lautet {}",
                "Le mot de passe est {}",
                "my password for the bank is {}, keep it",
                "use {} as the password",
            ),
            lambda r: r.choice(PROSE),
        ),
        "one-time code": _said(
            (
                "Your verification code is {}",
                "{} is your login code",
                "Ihr Einmalcode lautet {}",
                "Votre code de sécurité : {}",
                "Tu código de acceso es {}",
                "Enter {} to sign in",
                "G-{} is your code",
                "OTP: {}. Do not share it",
            ),
            lambda r: some(r, "123456789", 6),
        ),
        "seed phrase": _said(
            ("my recovery phrase: {}", "{}"), lambda r: " ".join(r.sample(WORDS, 12))
        ),
    }


def _negative() -> dict[str, Callable[[random.Random], str]]:
    return {
        "uuid": lambda r: f"request {uuid.UUID(bytes=r.randbytes(16))} done",
        "sha-1": lambda r: f"commit {r.randbytes(20).hex()}",
        "sha-256": lambda r: f"sha256:{r.randbytes(32).hex()}",
        "md5": lambda r: f"{r.randbytes(16).hex()}  file.bin",
        "integrity": lambda r: f"sha512-{base64.b64encode(r.randbytes(64)).decode()}",
        "image data": lambda r: (
            f"data:image/png;base64,{base64.b64encode(r.randbytes(300)).decode()}"
        ),
        "colour": lambda r: f"color: #{r.randbytes(3).hex()}; key: value",
        "version": lambda r: f"version 10.{r.randrange(9)}.{r.randrange(20)}.{r.randrange(99)}",
        "order": lambda r: f"Order no. {r.randrange(10**9)} has shipped",
        "isbn": lambda r: f"ISBN 978-3-16-{r.randrange(10**6):06d}-0",
        "time": lambda r: f"2026-11-{r.randrange(1, 29):02d}T10:30:00Z token expired",
        "placeholder": lambda r: r.choice(
            ['password = "<your password>"', "API_KEY=${API_KEY}", "token: {{ token }}"]
        ),
        "lookup": lambda r: r.choice(
            ['token = os.environ["TOKEN"]', "secret = settings.SECRET", "password = getpass()"]
        ),
        "public key": lambda r: pem(r, "PUBLIC KEY"),
        "no jwt": lambda r: f"eyJ{some(r, ALNUM, 20)}.{some(r, ALNUM, 30)}.{some(r, ALNUM, 20)}",
        "wrong sum": lambda r: "ghp_" + some(r, ALNUM, 36),
        "plain url": lambda r: f"https://example.org/a/{r.randrange(10**6)}?x=1",
        "postal code": lambda r: f"the zip code is {r.randrange(10**5):05d}, use it",
        "error code": lambda r: f"It failed with error code {r.randrange(1000, 99999)}",
        "prose": lambda r: r.choice(
            ["your password has expired", "the password is required", "a token of thanks"]
        ),
        "promo code": lambda r: f"your promo code {r.randrange(10**6):06d} is valid",
    }


def everyday(each: int, seed: int = 9) -> list[tuple[str, str]]:
    """Return class and text of what looks like personal data and is none."""
    rng = random.Random(seed)
    makes: dict[str, Callable[[random.Random], str]] = {
        **{k: v for k, v in _negative().items() if k in {"uuid", "sha-1", "md5", "version", "order",
                                                        "isbn", "time", "colour", "plain url"}},
        "section": lambda r: f"see section {r.randrange(9)}.{r.randrange(9)}.{r.randrange(20)}.1",
        "release": lambda r: f"Edge {r.randrange(90, 140)}.0.{r.randrange(6000)}.{r.randrange(9)}",
        "tracking": lambda r: f"tracking {r.randrange(10**17, 10**18)}",
        "ean": lambda r: f"EAN 40{r.randrange(10**11):011d}",
        "part": lambda r: f"part 0{r.randrange(10, 99)}-{r.randrange(1000, 9999)}-{r.randrange(9)}",
        "invoice": lambda r: f"Invoice {r.randrange(100, 999)}-{r.randrange(100, 999)}-1234",
        "epoch": lambda r: f"at {r.randrange(1_700_000_000_000, 1_800_000_000_000)} ms",
        "day": lambda r: f"am {r.randrange(1, 28):02d}.{r.randrange(1, 12):02d}.2026 10:30 Uhr",
        "coordinates": lambda r: f"{r.uniform(-80, 80):.6f}, {r.uniform(-170, 170):.6f}",
        "price": lambda r: f"costs {r.randrange(1000, 9999)}.{r.randrange(99):02d} EUR",
        "no card": lambda r: f"ticket {r.randrange(10**15, 2 * 10**15)}",
    }  # fmt: skip
    return [(name, make(rng)) for name, make in makes.items() for _ in range(each)]
