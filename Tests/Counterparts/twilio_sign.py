"""Signs webhooks as Twilio does, by the validator of Twilio's client library.

Reads a JSON list of { secret, url, form | body, algorithm? } from standard input and prints a JSON list of signatures.
`form` is a list of [name, value]; `body` is the text of a JSON body, whose hash the URL carries already.
"""

import json
import sys

from twilio.request_validator import RequestValidator


class Form(dict):
    """Names with several values, as web frameworks have them."""

    def getlist(self, name):
        return self[name]


def signature(webhook):
    form = Form()
    for name, value in webhook.get("form", []):
        form.setdefault(name, []).append(value)
    validator = RequestValidator(webhook["secret"])
    signed = validator.compute_signature(webhook["url"], form, webhook.get("algorithm"))
    # What the validator would say of it, so that a slip here does not look like one of the gateway.
    asked = webhook["body"] if "body" in webhook else form
    assert validator.validate(webhook["url"], asked, signed, webhook.get("algorithm")), webhook["url"]
    return signed


print(json.dumps([signature(webhook) for webhook in json.load(sys.stdin)]))
