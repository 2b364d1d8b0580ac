"""The alert rules and the dashboard: Prometheus takes them, they speak at the figures that they should, and every metric
that they name is one that docs/operations.md lists, which other tests hold to the services.
"""
import json
import re
import shutil
import subprocess
import unittest

from places import DEPLOY, ROOT, WORK, run

OPERATIONS = (ROOT / "docs/operations.md").read_text()
RULES = DEPLOY / "prometheus/clienthub.rules.yml"
# Of Prometheus itself, and of the node exporter.
FOREIGN = {"up", "node_systemd_unit_state", "node_filesystem_avail_bytes", "node_filesystem_size_bytes"}
FUNCTIONS = {"sum", "by", "rate", "increase", "histogram_quantile", "and", "or", "on", "label_values"}


def metrics():
    """The samples' names that the services give."""
    names = set()
    for name, kind in re.findall(r"^\| `(\w+)` \| (counter|gauge|histogram) \|", OPERATIONS, re.MULTILINE):
        names |= {"counter": {f"{name}_total"}, "gauge": {name},
                  "histogram": {f"{name}_{part}" for part in ("bucket", "sum", "count")}}[kind]
    return names


def named(expression):
    """The metrics that an expression names."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"by \([^)]*\)", "", re.sub(r"\{[^}]*\}", "", re.sub(r"\[[^]]*\]", "", bare)))
    return set(re.findall(r"[a-z_]\w*", bare)) - FUNCTIONS


def promtool():
    """Prometheus' own checker, out of Debian's package, without the server being installed."""
    tool = WORK / "prometheus/usr/bin/promtool"
    if not tool.exists():
        place = WORK / "prometheus"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        # apt downloads as a user of its own, who may not write here.
        run("apt-get", "download", "-o", "APT::Sandbox::User=root", "prometheus", cwd=place)
        [package] = place.glob("*.deb")
        run("dpkg-deb", "--extract", package, place)
    return tool


class RuleTests(unittest.TestCase):
    """deploy/prometheus."""

    def expressions(self):
        found = dict(re.findall(r"- alert: (\w+)\n +expr: (.+)\n", RULES.read_text()))
        self.assertEqual(len(found), RULES.read_text().count("- alert:"))
        return found

    def test_prometheus_takes_the_rules_and_the_scrape(self):
        self.assertIn("SUCCESS", run(promtool(), "check", "rules", RULES))
        scrape = WORK / "prometheus.yml"
        scrape.write_text((DEPLOY / "prometheus/clienthub.yml").read_text().replace(
            "/usr/share/doc/clienthub-2fa/examples/prometheus", str(RULES.parent)))
        self.assertIn("SUCCESS", run(promtool(), "check", "config", scrape))

    def test_the_rules_speak_at_the_figures_that_they_should(self):
        done = subprocess.run([promtool(), "test", "rules", "clienthub.rules.test.yml"], cwd=RULES.parent,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_rule_names_metrics_that_there_are(self):
        for alert, expression in self.expressions().items():
            with self.subTest(alert):
                self.assertTrue(named(expression))
                self.assertEqual(named(expression) - metrics() - FOREIGN, set())

    def test_each_alert_is_explained(self):
        explained = set(re.findall(r"^\| `(ClientHub\w+)` \|", OPERATIONS, re.MULTILINE))
        self.assertEqual(explained, set(self.expressions()))

    def test_the_dashboard_names_metrics_that_there_are(self):
        board = json.loads((DEPLOY / "grafana/clienthub.json").read_text())
        self.assertEqual(len({panel["id"] for panel in board["panels"]}), len(board["panels"]))
        for panel in board["panels"]:
            for target in panel["targets"]:
                with self.subTest(panel["title"]):
                    self.assertEqual(named(target["expr"]) - metrics() - FOREIGN, set())


if __name__ == "__main__":
    unittest.main()
