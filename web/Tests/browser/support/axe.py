"""axe-core, and what it does not look at."""

from importlib.metadata import distribution
from pathlib import Path

# The package that brings axe-core along is for another driver of browsers; of it only the script is used.
AXE = Path(distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js")).read_text()

RUN = """
const done = arguments[arguments.length - 1];
const options = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
  rules: { "target-size": { enabled: true } },
};
axe.run(document, options).then(
  (results) => done(results.violations.map((rule) => rule.id + ": " + rule.nodes.map((node) => node.target.join(" ")
    + " (" + node.failureSummary.replace(/\\s+/g, " ") + ")").join(" | "))),
  (error) => done(["axe: " + error]));
"""

OWN = """
const faults = [], shown = (item) => item.checkVisibility() && item.getClientRects().length > 0;
const name = (item) => item.outerHTML.slice(0, 100);
const headings = [...document.querySelectorAll("h1, h2, h3, h4")].filter(shown);
if (headings.filter((item) => item.localName === "h1").length !== 1) faults.push("not one h1, but " + headings.map(name));
headings.reduce((before, item) => {
  const level = Number(item.localName[1]);
  if (level > before + 1) faults.push("a heading skips a level: " + name(item));
  return level;
}, 0);
for (const item of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
  if (shown(item) && !item.labels?.length) faults.push("no label: " + name(item));
for (const id of [...document.querySelectorAll("[aria-describedby], [aria-labelledby]")].flatMap((item) =>
  ((item.getAttribute("aria-describedby") ?? "") + " " + (item.getAttribute("aria-labelledby") ?? "")).split(" ").filter(Boolean)))
  if (!document.getElementById(id)) faults.push("describes by what is not there: " + id);
const ids = [...document.querySelectorAll("[id]")].map((item) => item.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push("id twice: " + id);
if (!document.title.includes(" · ")) faults.push("title: " + document.title);
if (!document.querySelector("main")) faults.push("no main");
// Links within a sentence are as high as its line (WCAG 2.5.8).
for (const item of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
  if (!shown(item) || getComputedStyle(item).display === "inline" || item.closest(".skip")) continue;
  const box = (item.matches("input[type=checkbox], input[type=radio]") && item.labels[0]
    ? { width: 24, height: Math.max(item.getBoundingClientRect().height, item.labels[0].getBoundingClientRect().height) }
    : item.getBoundingClientRect());
  if (Math.min(box.width, box.height) < 23.9) faults.push(`only ${box.width} by ${box.height} px: ` + name(item));
}
return faults;
"""

WIDE = """
return document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
  .filter((item) => item.getBoundingClientRect().right > innerWidth + 0.5 && !item.closest(".table, .hide, .skip"))
  .map((item) => item.outerHTML.slice(0, 80)).slice(0, 5);
"""


def faults(browser):
    """All that is wrong with the page as it stands, in light and dark, on a phone and on a desk."""
    found = [("page", fault) for fault in browser.script(OWN)]
    if browser.script("return typeof axe") == "undefined":
        browser.script(AXE)
    for width in [1280, 390]:
        browser.resize(width)
        for dark in [False, True]:
            browser.prefer(dark)
            where = f"{width} px, {'dark' if dark else 'light'}"
            found += [(where, fault) for fault in browser.driver.execute_async_script(RUN)]
    for width in [320, 390]:
        browser.resize(width)
        found += [(f"wider than {width} px", fault) for fault in browser.script(WIDE)]
    browser.prefer(False)
    browser.resize(1280)
    return found
