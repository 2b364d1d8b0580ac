"""What the front end tells programs, from the real processes: /metrics as Prometheus' own parser reads it, and /healthz.

Run with the Python of .venv, which scripts/setup makes: .venv/bin/python3 -m unittest discover -s web/Tests/nginx
"""
import json
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families

import stack


class ProgramTests(unittest.TestCase):
    """What monitors ask the front end."""

    @classmethod
    def setUpClass(cls):
        cls.stack = stack.Stack()
        cls.addClassCleanup(cls.stack.close)

    def metrics(self):
        """All samples by name and labels, as the parser reads them; it refuses families that stand twice."""
        status, headers, text = self.stack.get("/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(
            headers["Content-Type"], "application/openmetrics-text; version=1.0.0; charset=utf-8")
        self.assertTrue(text.endswith("# EOF\n"))
        families = list(text_string_to_metric_families(text))
        self.assertEqual(len({family.name for family in families}), len(families))
        return {(sample.name, frozenset(sample.labels.items())): sample.value
                for family in families for sample in family.samples}

    def up(self, samples):
        return {name: samples["service_up", frozenset({("service", name)})] for name in ("auth", "otp", "sms")}

    def test_the_metrics_of_all_processes_are_one_text(self):
        self.stack.get("/healthz")
        samples = self.metrics()
        self.assertEqual(self.up(samples), {"auth": 1, "otp": 1, "sms": 1})
        for service in ("auth", "otp", "sms"):
            self.assertIn(("wire_connections", frozenset({("service", service)})), samples)
            self.assertTrue(any(
                name == "wire_call_duration_seconds_bucket" and ("service", service) in labels
                for name, labels in samples), service)
        web = frozenset({("service", "web")})
        self.assertGreater(samples["process_resident_memory_bytes", web], 1_000_000)
        self.assertGreater(samples["process_open_fds", web], 3)
        self.assertGreater(samples["process_cpu_seconds_total", web], 0)
        self.assertGreaterEqual(samples["web_requests_total", web | {
            ("method", "GET"), ("route", "/healthz"), ("status", "200")}], 1)

    def test_a_service_that_is_down_is_said_to_be(self):
        self.assertEqual(self.stack.stop("sms"), 0)
        try:
            samples = self.metrics()
            self.assertEqual(self.up(samples), {"auth": 1, "otp": 1, "sms": 0})
        finally:
            self.stack.start("sms")
        stack.wait_until(lambda: self.up(self.metrics())["sms"] == 1, "the gateway to be up again")

    def test_metrics_that_a_proxy_asks_for_are_not_there(self):
        for header in ("X-Forwarded-For", "Forwarded", "Via"):
            self.assertEqual(self.stack.get("/metrics", {header: "203.0.113.9"})[0], 404)

    def test_health_is_that_of_auth_service(self):
        status, headers, text = self.stack.get("/healthz")
        report = json.loads(text)
        self.assertEqual((status, headers["Content-Type"], report["status"]), (200, "application/json", "serving"))
        self.assertEqual([check["name"] for check in report["checks"]], ["auth", "auth.database", "auth.otp"])
        self.assertTrue(all(check["ok"] for check in report["checks"]))

        self.assertEqual(self.stack.stop("auth"), 0)
        try:
            status, _, text = self.stack.get("/healthz")
            report = json.loads(text)
            self.assertEqual((status, report["status"]), (503, "unavailable"))
            self.assertEqual([(check["name"], check["ok"]) for check in report["checks"]], [("auth", False)])
            self.assertIn("detail", report["checks"][0])
            self.assertNotIn(
                "detail", json.loads(self.stack.get("/healthz", {"X-Forwarded-For": "203.0.113.9"})[2])["checks"][0])
        finally:
            self.stack.start("auth")


if __name__ == "__main__":
    unittest.main()
