"""Prints numbers and what phonenumbers says of them, a line each: NUMBER COUNTRY LENGTH KIND.

LENGTH is `possible` or `impossible`, KIND `ordinary`, `special` or `invalid`. The numbers are, of each country, its examples
and what becomes of them when their last digits change, or their number of digits; always the same ones.
"""

import random

import phonenumbers
from phonenumbers import PhoneNumberType as Type

ORDINARY = {Type.FIXED_LINE, Type.MOBILE, Type.FIXED_LINE_OR_MOBILE, Type.VOIP}
TRIES = 12


def variations(example):
    """Numbers like this one."""
    chance = random.Random(example)
    yield example
    for _ in range(TRIES):
        changed = chance.randint(1, min(8, len(example) - 1))
        yield example[:-changed] + "".join(chance.choices("0123456789", k=changed))
    for length in range(4, 13):
        yield (example + "0000000")[:length]


def describe(number):
    kind = phonenumbers.number_type(number)
    if kind == Type.UNKNOWN:
        return "invalid"
    return "ordinary" if kind in ORDINARY else "special"


for region in sorted(phonenumbers.SUPPORTED_REGIONS):
    code = phonenumbers.country_code_for_region(region)
    seen = set()
    for kind in sorted(Type.values()):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is None:
            continue
        for national in variations(phonenumbers.national_significant_number(example)):
            text = f"+{code}{national}"
            # E.164 as it is, and not as people write it at home: no trunk prefix is taken for one.
            number = phonenumbers.PhoneNumber(
                country_code=code,
                national_number=int(national),
                italian_leading_zero=national.startswith("0"),
                number_of_leading_zeros=len(national) - len(national.lstrip("0")) or None,
            )
            if text in seen or not 7 <= len(text) - 1 <= 15:
                continue
            seen.add(text)
            reason = phonenumbers.is_possible_number_with_reason(number)
            possible = "possible" if reason == phonenumbers.ValidationResult.IS_POSSIBLE else "impossible"
            owner = phonenumbers.region_code_for_number(number) or region
            print(text, owner, possible, describe(number))
