"""What the two SMSCs in Python share: the account, the journal, ids and the texts of receipts."""

import itertools
import json
import sys

SYSTEM_ID, PASSWORD = "clienthub", "secret"
INVALID_PASSWORD, INVALID_SYSTEM_ID = 0x0E, 0x0F

_journal = open(sys.argv[1], "a", buffering=1)
_numbers = itertools.count(0x1A2B3C4D)


def write(event, **fields):
    _journal.write(json.dumps({"event": event, **fields}) + "\n")


class Plan:
    """What is done with one message, by the end of its number."""

    def __init__(self, digits):
        self.code = int(digits[-4:])
        number = next(_numbers)
        self.answered = self.receipted = "%x" % number
        self.separator, self.state = " ", "DELIVRD"
        if self.code == 1002:
            self.receipted = str(number)
        elif self.code == 1003:
            self.answered = "0000%x" % number
            self.receipted = ("%x" % number).upper()
            self.separator = ","
        elif self.code == 1005:
            self.state = "UNDELIV"

    @property
    def status(self):
        """The status that it is refused with; 0 where it is taken."""
        return self.code - 2000 if 2000 < self.code < 3000 else 0

    def receipt(self, state=None):
        """The text of a receipt."""
        state = state or self.state
        fields = [
            "id:" + self.receipted,
            "sub:001",
            "dlvrd:001",
            "submit date:2611240930",
            "done date:2611240931",
            "stat:" + state,
            "err:" + ("011" if state == "UNDELIV" else "000"),
            "text:stat:UNDELIV",
        ]
        return self.separator.join(fields).encode()

    @property
    def has_receipt(self):
        return self.code in (1000, 1002, 1003, 1004, 1005, 1007)
