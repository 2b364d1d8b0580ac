"""Twilio's own client sends a message to `twilio_api.py`, so that what that server takes is no dialect of ours.

    python twilio_client.py PORT CA-FILE [PARAMETER=VALUE…]

Prints the message's SID, or the code of the error.
"""

import os
import sys

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client


class Local(TwilioHttpClient):
    """Twilio's client, but for the host that it speaks to."""

    def request(self, method, url, *arguments, **named):
        url = url.replace("https://api.twilio.com", f"https://127.0.0.1:{sys.argv[1]}")
        return super().request(method, url, *arguments, **named)


os.environ["REQUESTS_CA_BUNDLE"] = sys.argv[2]
client = Client("AC00000000000000000000000000000001", "test-token", http_client=Local())
parameters = dict(argument.split("=", 1) for argument in sys.argv[3:])
try:
    print(client.messages.create(**parameters).sid)
except TwilioRestException as refusal:
    print(refusal.code)
