"""AWS SNS as moto has it, behind a front that speaks TLS and recomputes each request's signature by botocore: moto takes
any. See `counterpart.py` for how it misbehaves.

    access key   AKIATEST
    secret key   test/secret+key
    region       us-west-2
"""

import datetime
import http.client
import logging

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import ThreadedMotoServer
from moto.sns.models import sns_backends

import counterpart

ACCESS_KEY = "AKIATEST"
SECRET_KEY = "test/secret+key"
REGION = "us-west-2"

logging.getLogger("werkzeug").setLevel(logging.ERROR)
moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)


class Signature(SigV4Auth):
    """botocore's signature, for the time that a request names in place of now's."""

    def signature_of(self, request, time):
        request.context["timestamp"] = time
        canonical = self.canonical_request(request)
        return self.signature(self.string_to_sign(request, canonical), request)


def fault(connection, body):
    """The code and the message of what is wrong with the signature; None where nothing is."""
    headers = connection.headers
    given = headers.get("Authorization", "")
    if not given.startswith("AWS4-HMAC-SHA256 "):
        return "MissingAuthenticationToken", "Request is missing Authentication Token"
    parts = dict(part.strip().split("=", 1) for part in given.split(" ", 1)[1].split(","))
    time = headers.get("X-Amz-Date", "")
    if parts["Credential"] != f"{ACCESS_KEY}/{time[:8]}/{REGION}/sns/aws4_request":
        return "InvalidClientTokenId", "The security token included in the request is invalid"
    age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.strptime(
        time + "+0000", "%Y%m%dT%H%M%SZ%z")
    if abs(age) > datetime.timedelta(minutes=5):
        return "RequestExpired", "Signature expired"
    signed = {name: headers[name] for name in parts["SignedHeaders"].split(";")}
    if not {"host", "x-amz-date"} <= set(signed):
        return "IncompleteSignature", "Host and X-Amz-Date must be signed"
    request = AWSRequest("POST", f"https://{headers['Host']}{connection.path}", headers=signed, data=body)
    credentials = Credentials(ACCESS_KEY, SECRET_KEY)
    if Signature(credentials, "sns", REGION).signature_of(request, time) != parts["Signature"]:
        return "SignatureDoesNotMatch", "The request signature we calculated does not match yours"
    return None


class Connection(counterpart.OneRequest):
    def serve(self, body):
        wrong = fault(self, body)
        if wrong:
            return self.refuse(403, wrong[0], (), wrong[1])
        upstream = http.client.HTTPConnection(*moto.get_host_and_port())
        upstream.request("POST", self.path, body, dict(self.headers.items()))
        reply = upstream.getresponse()
        text = reply.read().decode()
        for name, (number, message) in sns_backends["123456789012"][REGION].sms_messages.items():
            if name in text:
                self.server.note(accepted={"to": number, "text": message, "id": name})
        self.answer(reply.status, reply.headers["Content-Type"], text)

    def refuse(self, status, code, retry_after=(), message=None):
        message = message or "Refused as ordered, with the number +1 (415) 555-2671 and the code 123456"
        self.answer(status, "text/xml", f"""<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">
  <Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>
  <RequestId>c4bd8ad1-f5ca-5d3c-8b2c-d0b3f0a2b0a1</RequestId>
</ErrorResponse>""", retry_after)


if __name__ == "__main__":
    moto.start()
    counterpart.run(Connection)
