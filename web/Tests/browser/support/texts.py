"""The catalogues of the pages' texts, so that a test names a text and does not repeat it."""

import json

from .places import resources


class Texts:
    """The texts of one language: `texts("setUp.continue")`, with values in place of `{name}`."""

    def __init__(self, language):
        self.language = language
        self.sections = {}
        for file in sorted((resources() / "texts" / language).glob("*.json")):
            for section, texts in json.loads(file.read_text()).items():
                self.sections.setdefault(section, {}).update(texts)

    def __call__(self, key, **values):
        section, name = key.split(".", 1)
        text = self.sections[section][name]
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def counted(self, key, count, **values):
        return self(f"{key}.{'one' if count == 1 else 'other'}", count=count, **values)

    def __iter__(self):
        for section, texts in self.sections.items():
            for name, text in texts.items():
                yield f"{section}.{name}", text


english = Texts("en")
spanish = Texts("es")
