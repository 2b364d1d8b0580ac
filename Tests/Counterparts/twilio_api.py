"""Twilio's `POST /2010-04-01/Accounts/{AccountSid}/Messages.json`, as far as the gateway needs it.

Which parameters there are, and what values an enumeration has, is read from Twilio's own client library; its ranges and
conditions are those of Twilio's documentation. How it misbehaves is ours. See `counterpart.py`.

    account      AC00000000000000000000000000000001
    auth token   test-token, or the API key SK00000000000000000000000000000001 with the secret test-secret
"""

import base64
import inspect
import json
import re
import secrets
import urllib.parse

from twilio.rest.api.v2010.account.message import MessageInstance, MessageList

import counterpart

ACCOUNT = "AC00000000000000000000000000000001"
LOGINS = {ACCOUNT: "test-token", "SK00000000000000000000000000000001": "test-secret"}


def parameters():
    """The names of all parameters: those of the library's method, in the API's way of writing."""
    names = list(inspect.signature(MessageList.create).parameters)[1:]
    return {"".join(part.capitalize() for part in name.split("_")): name for name in names}


PARAMETERS = parameters()
ENUMERATIONS = {
    name: {value for key, value in vars(getattr(MessageInstance, name)).items() if key.isupper()}
    for name in ("ContentRetention", "AddressRetention", "RiskCheck", "TrafficType", "ScheduleType")
}


def fault(form):
    """The code and the message of what is wrong with a request; None where nothing is."""
    for name, values in form.items():
        if name not in PARAMETERS:
            return 21600, f"There is no parameter {name}"
        if len(values) != 1 and name not in ("MediaUrl", "PersistentAction"):
            return 21600, f"{name} is given {len(values)} times"
        if name in ENUMERATIONS and values[0] not in ENUMERATIONS[name]:
            return 21600, f"{name} cannot be {values[0]}"
    one = {name: values[0] for name, values in form.items()}
    if not re.fullmatch(r"\+[1-9]\d{6,14}", one.get("To", "")):
        return 21211, f"The 'To' number {one.get('To', '')} is not a valid phone number."
    if "From" not in one and "MessagingServiceSid" not in one:
        return 21603, "A 'From' phone number is required."
    if not re.fullmatch(r"MG[0-9a-f]{32}", one.get("MessagingServiceSid", "MG" + "0" * 32)):
        return 21701, "The Messaging Service does not exist."
    if not 1 <= len(one.get("Body", "")) <= 1600:
        return 21602, "Message body is required."
    if not re.fullmatch(r"[1-9]\d{0,4}", one.get("ValidityPeriod", "1")):
        return 21600, "ValidityPeriod is no number"
    if int(one.get("ValidityPeriod", "1")) > 36000:
        return 21600, "ValidityPeriod is more than 36000"
    for name in ("SmartEncoded", "ProvideFeedback", "ForceDelivery", "ShortenUrls", "SendAsMms"):
        if one.get(name, "true") not in ("true", "false"):
            return 21600, f"{name} cannot be {one[name]}"
    if "StatusCallback" in one:
        url = urllib.parse.urlsplit(one["StatusCallback"])
        if url.scheme not in ("http", "https") or not url.hostname or "_" in url.hostname:
            return 21609, "Invalid StatusCallback URL"
        for name, value in urllib.parse.parse_qsl(url.fragment, strict_parsing=True):
            if name not in ("ct", "rt", "tt", "rc", "rp", "sni", "e"):
                return 21609, f"There is no connection override {name}"
            if name == "rc" and value not in "012345":
                return 21609, "Up to five retries can be asked for"
            if name == "rp" and not set(value.split(",")) <= {"4xx", "5xx", "ct", "rt", "all"}:
                return 21609, f"There is no retry policy {value}"
    return None


class Connection(counterpart.OneRequest):
    def serve(self, body):
        if self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            return self.refuse(404, "20404", (), "The requested resource was not found")
        kind, _, login = self.headers.get("Authorization", "").partition(" ")
        user, _, password = base64.b64decode(login).decode().partition(":")
        if kind != "Basic" or LOGINS.get(user) != password:
            return self.refuse(401, "20003", (), "Authenticate")
        if self.headers["Content-Type"] != "application/x-www-form-urlencoded":
            return self.refuse(415, "20001", (), "Unsupported Media Type")
        form = urllib.parse.parse_qs(body, keep_blank_values=True, strict_parsing=True)
        wrong = fault(form)
        if wrong:
            return self.refuse(400, str(wrong[0]), (), wrong[1])
        self.server.note(accepted={name: values[0] for name, values in form.items()})
        self.answer(201, "application/json", json.dumps({
            "sid": "SM" + secrets.token_hex(16), "account_sid": ACCOUNT, "status": "queued",
            "to": form["To"][0], "body": None, "error_code": None, "error_message": None,
            "num_segments": "1", "direction": "outbound-api", "price": None, "price_unit": "USD",
            "api_version": "2010-04-01", "uri": self.path, "subresource_uris": {"media": "/Media.json"},
            "date_created": "Tue, 24 Nov 2026 09:30:00 +0000", "date_sent": None,
            "date_updated": "Tue, 24 Nov 2026 09:30:00 +0000", "num_media": "0",
            "from": form.get("From", [None])[0],
            "messaging_service_sid": form.get("MessagingServiceSid", [None])[0],
        }))

    def refuse(self, status, code, retry_after=(), message=None):
        message = message or "Refused as ordered, with the number +1 (415) 555-2671 and the code 123456"
        self.answer(status, "application/json", json.dumps({
            "code": int(code), "message": message, "status": status,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
        }), retry_after)


if __name__ == "__main__":
    counterpart.run(Connection)
