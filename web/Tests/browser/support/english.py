"""Finds English words on a page that should have none."""

import re

from .texts import english, spanish

# All that a page says: its texts, and what screen readers are told beside them.
SAID = """
const clean = (text) => (text ?? "").replace(/\\s+/g, " ").trim();
const said = [document.title];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) if (!walk.currentNode.parentElement.closest("script, style, [lang=en]")) said.push(walk.currentNode.data);
for (const item of document.querySelectorAll("[aria-label], [title], [placeholder], [alt], [data-again], [data-done]"))
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-again", "data-done"]) said.push(item.getAttribute(name));
return [...new Set(said.map(clean).filter(Boolean))];
"""


def _pattern(text):
    """The text, with anything in place of `{name}`."""
    return ".+".join(re.escape(part) for part in re.split(r"\{\w+\}", text))


def _english_only():
    """Sentences and words of the English catalogue that are others in Spanish."""
    meant = set(text for _, text in spanish)
    return [text for key, text in english if text not in meant and re.sub(r"\{\w+\}", "", text).strip(" :.")]


def english_left(browser):
    """What the page says in words of the English catalogue."""
    texts = _english_only()
    whole = re.compile("|".join(f"(?:{_pattern(text)})" for text in texts))
    # Of a page's longer texts one part may be left, such as one sentence of two.
    parts = re.compile("|".join(re.escape(text) for text in texts if len(text) > 30 and "{" not in text))
    return [said for said in browser.script(SAID) if whole.fullmatch(said) or parts.search(said)]
