"""deploy/nginx with the real nginx before the real front end and services, and a portal that tells what it got.

Run: scripts/setup build test, build the root package and web/, then  python3 -m unittest discover -s web/Tests/nginx
"""
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

import stack

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SITE = stack.ROOT / "deploy/nginx"
IDENTITY = ["X-Client-Id", "X-Client-Role", "X-Client-Name", "X-Client-Email", "X-Client-Firm"]


class Portal(http.server.ThreadingHTTPServer):
    """The portal behind the gate. It answers each request with what it got, and remembers it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen = {"method": self.command, "path": self.path, "headers": self.headers.items(), "bytes": len(body)}
            self.server.seen.append(seen)
            text = json.dumps(seen).encode()
            self.send_response(500 if self.path == "/portal/broken" else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_POST = do_PUT = do_GET

        def log_message(self, *_):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.seen = []
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def close(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Nginx:
    """nginx with the site of deploy/nginx, whose ports and paths are those of a scratch directory."""

    def __init__(self, port, web_port, portal_port):
        self.port, self.plain_port = port, stack.free_port()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="clienthub-nginx-"))
        self.certificate = self.directory / "fullchain.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", self.directory / "key.pem", "-out", self.certificate],
            check=True, capture_output=True)
        shutil.copy(SITE / "unavailable.html", self.directory)
        (self.directory / "site.conf").write_text(self.site(web_port, portal_port))
        # As Debian has it, compression on; all that nginx writes stands in the directory.
        places = "".join(f"    {kind}_temp_path {kind};\n"
                         for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.configuration = self.directory / "nginx.conf"
        self.configuration.write_text(
            ("user root;\n" if os.geteuid() == 0 else "")
            + f"pid {self.directory}/nginx.pid;\nevents {{}}\nhttp {{\n    include /etc/nginx/mime.types;\n"
            + f"    gzip on;\n{places}    include {self.directory}/site.conf;\n}}\n")
        self.words = [NGINX, "-p", self.directory, "-e", self.directory / "error.log", "-c", self.configuration]
        self.process = None

    def site(self, web_port, portal_port):
        """The site with the ports and paths of this test; each change must find what it changes."""
        text = (SITE / "clienthub.conf").read_text()
        changes = [
            (r"^ *listen \[::\].*\n", ""), (r"listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            (r"listen 443 ", f"listen 127.0.0.1:{self.port} "), (r"server 127\.0\.0\.1:8080;", f"server 127.0.0.1:{web_port};"),
            (r"server 127\.0\.0\.1:9000;", f"server 127.0.0.1:{portal_port};"),
            (r"server_name hub\.example\.com;", "server_name localhost;"),
            (r"Host \$host;", f"Host $host:{self.port};"), (r"/etc/ssl/clienthub/", f"{self.directory}/"),
            (r"/usr/share/clienthub", f"{self.directory}"), (r"/var/log/nginx/clienthub\.log", f"{self.directory}/access.log"),
        ]
        for pattern, place in changes:
            text, count = re.subn(pattern, place, text, flags=re.MULTILINE)
            if count == 0:
                raise ValueError(f"deploy/nginx/clienthub.conf has no {pattern} any more")
        return text

    def check(self):
        """What `nginx -t` says, and its status."""
        run = subprocess.run([*self.words, "-t"], capture_output=True, text=True)
        return run.returncode, run.stderr

    def start(self):
        self.process = stack.Process([*self.words, "-g", "daemon off;"], self.directory / "nginx.log")
        browser = stack.Browser(self.port, self.certificate)

        def answers():
            self.process.check()
            try:
                return browser.get("/help")
            except ConnectionError:
                return None
        stack.wait_until(answers, "nginx")

    def close(self):
        if self.process:
            self.process.stop()
        shutil.rmtree(self.directory)


class GateTests(unittest.TestCase):
    """The gate before a portal."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        port = stack.free_port()
        cls.portal = Portal()
        cls.addClassCleanup(cls.portal.close)
        cls.stack = stack.Stack(f"https://localhost:{port}", {"trustedProxies": ["127.0.0.1"]})
        cls.addClassCleanup(cls.stack.close)
        cls.nginx = Nginx(port, cls.stack.port, cls.portal.server_address[1])
        cls.addClassCleanup(cls.nginx.close)
        cls.checked = cls.nginx.check()
        cls.nginx.start()

        cls.owner = cls.stack.create_firm()
        # Nothing is required of Ana; of Luis it is, and he has set nothing up; Vera has.
        cls.ana = cls.stack.create_client("Ana Núñez, CPA", "ana@demo.example")
        cls.luis = cls.stack.create_client("Luis", "luis@demo.example")
        cls.vera = cls.stack.create_client("Vera", "vera@demo.example")
        for client in (cls.luis, cls.vera):
            cls.stack.call("auth.RequireTwoFactor", session=cls.owner, client=client, required=True)
        cls.stack.set_up(cls.stack.log_in("vera@demo.example"))

    def setUp(self):
        self.portal.seen.clear()

    def browser(self, email=None, source=None):
        """A browser, with a session where an address is given."""
        browser = stack.Browser(self.nginx.port, self.nginx.certificate, source)
        if email:
            browser.cookies[stack.SESSION] = self.stack.log_in(email)
        return browser

    def assert_redirects(self, answer, place):
        self.assertEqual((answer.status, answer.headers["Location"]), (303, place))
        self.assertEqual(self.portal.seen, [])

    def identity(self):
        """The identity headers of the one request that the portal got."""
        self.assertEqual(len(self.portal.seen), 1)
        headers = self.portal.seen[0]["headers"]
        return {name: [value for given, value in headers if given.lower() == name.lower()] for name in IDENTITY}

    def identity_of(self, client, name, email):
        return {"X-Client-Id": [client], "X-Client-Role": ["client"], "X-Client-Name": [name],
                "X-Client-Email": [email], "X-Client-Firm": ["demo"]}

    def test_nginx_takes_the_configuration_without_a_warning(self):
        status, said = self.checked
        self.assertEqual(status, 0, said)
        self.assertNotIn("[warn]", said)
        self.assertIn("test is successful", said)

    def test_a_stranger_is_led_to_log_in_and_back(self):
        answer = self.browser().get("/portal/documents?year=2025")
        self.assert_redirects(answer, "/log-in?next=%2Fportal%2Fdocuments%3Fyear%3D2025")

    def test_what_a_stranger_sends_does_not_reach_the_portal(self):
        for method in ("POST", "PUT"):
            self.assert_redirects(self.browser().request(method, "/portal/upload", body=b"x" * 100_000), "/log-in")

    def test_whoever_has_set_nothing_up_is_led_to_the_set_up(self):
        answer = self.browser("luis@demo.example").get("/portal/")
        self.assert_redirects(answer, "/two-factor/set-up?next=%2Fportal%2F")

    def test_whoever_owes_a_code_is_led_to_enter_it(self):
        answer = self.browser("vera@demo.example").get("/portal/a/b")
        self.assert_redirects(answer, "/two-factor/verify?next=%2Fportal%2Fa%2Fb")

    def test_by_the_log_in_page_one_gets_to_the_portal_which_learns_who_it_is(self):
        browser = self.browser()
        place = browser.get("/portal/documents").headers["Location"]
        answer = browser.send_form(place, {
            "email": "ana@demo.example", "password": stack.PASSWORD, "next": "/portal/documents"})
        self.assertEqual(answer.status, 303, answer.text)
        self.assertIn(urllib.parse.quote("/portal/documents", safe=""), answer.headers["Location"])

        answer = browser.get("/portal/documents")
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(
            self.identity(), self.identity_of(self.ana, "Ana%20N%C3%BA%C3%B1ez%2C%20CPA", "ana@demo.example"))

    def test_identity_headers_of_the_browser_do_not_pass(self):
        forged = {
            "X-Client-Id": "00000000-0000-7000-8000-000000000000", "x-client-role": "owner", "X-CLIENT-NAME": "Mallory",
            "X-Client-Email": "owner@demo.example", "X-Client-Firm": "other", "X_Client_Role": "owner"}
        self.assert_redirects(self.browser().get("/portal/", forged), "/log-in?next=%2Fportal%2F")
        self.assertEqual(self.browser("ana@demo.example").get("/portal/", forged).status, 200)
        self.assertEqual(
            self.identity(), self.identity_of(self.ana, "Ana%20N%C3%BA%C3%B1ez%2C%20CPA", "ana@demo.example"))
        self.assertNotIn("x_client_role", [name.lower() for name, _ in self.portal.seen[0]["headers"]])

    def test_the_portal_gets_its_own_cookies_and_not_those_of_the_front_end(self):
        for order in (["portal", stack.SESSION, "__Host-device", "theme"], [stack.SESSION, "portal", "__Host-device"],
                      ["__Host-device", stack.SESSION]):
            with self.subTest(order):
                self.portal.seen.clear()
                session = self.stack.log_in("ana@demo.example")
                browser = self.browser()
                browser.cookies = {name: session if name == stack.SESSION else "d%3D" for name in order}
                self.assertEqual(browser.get("/portal/").status, 200)
                cookie = dict(self.portal.seen[0]["headers"]).get("Cookie", "")
                left = [part.partition("=")[0] for part in cookie.rstrip("; ").split("; ") if part]
                self.assertEqual(left, [name for name in order if not name.startswith("__Host-")])

    def test_no_other_spelling_of_a_path_gets_by_the_gate(self):
        paths = ["/help/../portal/x", "/help/%2e%2e/portal/x", "//portal/x", "/portal//x", "/portal/./x", "/two-factor/..;/portal/x",
                 "/%70ortal/x", "/portal/x%2f..%2f..%2fhelp", "/portal/..%2fhelp"]
        for path in paths:
            for email in (None, "luis@demo.example"):
                with self.subTest(path=path, email=email):
                    answer = self.browser(email).get(path)
                    self.assertIn(answer.status, (303, 400, 403, 404))
                    self.assertEqual(self.portal.seen, [])

    def test_an_upload_passes_whole_once_the_gate_is_open(self):
        answer = self.browser("ana@demo.example").request("POST", "/portal/upload", body=b"x" * 5_000_000)
        self.assertEqual(answer.status, 200)
        self.assertEqual((self.portal.seen[0]["method"], self.portal.seen[0]["bytes"]), ("POST", 5_000_000))

    def test_the_portals_own_errors_are_its_own(self):
        answer = self.browser("ana@demo.example").get("/portal/broken")
        self.assertEqual(answer.status, 500)
        self.assertIn(b'"path"', answer.text)

    def test_while_auth_service_is_down_everything_is_locked_with_503(self):
        browser = self.browser("ana@demo.example")
        self.assertEqual(browser.get("/portal/").status, 200)
        self.portal.seen.clear()
        self.assertEqual(self.stack.stop("auth"), 0)
        try:
            for page in ("/portal/", "/"):
                with self.subTest(page):
                    answer = browser.get(page)
                    self.assertEqual(answer.status, 503)
                    self.assertGreater(int(answer.headers["Retry-After"]), 0)
                    self.assertTrue(answer.headers["Content-Type"].startswith("text/html"))
            self.assertEqual(browser.request("POST", "/portal/upload", body=b"x").status, 503)
            self.assertEqual(self.portal.seen, [])
        finally:
            self.stack.start("auth")
        stack.wait_until(lambda: browser.get("/portal/").status == 200, "the gate to open again")

    def test_while_the_front_end_is_down_everything_is_locked_with_503(self):
        browser = self.browser("ana@demo.example")
        self.assertEqual(self.stack.stop("web"), 0)
        try:
            for page in ("/portal/", "/help"):
                answer = browser.get(page)
                self.assertEqual((answer.status, answer.headers["Retry-After"]), (503, "5"))
                self.assertIn(b"Not available right now", answer.text)
            self.assertEqual(self.portal.seen, [])
        finally:
            self.stack.start("web")
        self.assertEqual(browser.get("/portal/").status, 200)

    def test_metrics_and_the_gate_itself_are_not_there_from_outside(self):
        browser = self.browser("ana@demo.example")
        for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/help/../metrics",
                     "/_authorize", "/_authorize/", "/_authorize/x", "/%5fauthorize", "/unavailable.html"):
            with self.subTest(path):
                self.assertEqual(browser.get(path, {"X-Original-URI": "/"}).status, 404)
        self.assertEqual(self.stack.get("/metrics")[0], 200)
        self.assertEqual(self.stack.get("/_authorize", {"X-Original-URI": "/portal/"})[0], 401)

    def test_plain_http_leads_to_https(self):
        connection = stack.http.client.HTTPConnection("127.0.0.1", self.nginx.plain_port, timeout=stack.LIMIT)
        connection.request("GET", "/portal/?a=b", headers={"Host": "evil.example"})
        answer = connection.getresponse()
        connection.close()
        self.assertEqual((answer.status, answer.headers["Location"]), (308, "https://localhost/portal/?a=b"))

    def test_pages_say_hsts_once_and_are_not_compressed_while_assets_are(self):
        browser = self.browser()
        answer = browser.get("/help", {"Accept-Encoding": "gzip"})
        self.assertEqual(answer.status, 200)
        self.assertEqual(len(answer.headers.get_all("Strict-Transport-Security")), 1)
        self.assertIsNone(answer.headers["Content-Encoding"])
        style = re.search(r'"(/assets/[^"]+\.css)"', answer.text.decode())[1]
        answer = browser.get(style, {"Accept-Encoding": "gzip"})
        self.assertEqual((answer.status, answer.headers["Content-Encoding"]), (200, "gzip"))
        self.assertIn("immutable", answer.headers["Cache-Control"])

    def test_an_address_that_the_browser_makes_up_counts_for_nothing(self):
        browser = self.browser()
        browser.send_form("/log-in", {"email": "ana@demo.example", "password": stack.PASSWORD},
                          {"X-Forwarded-For": "203.0.113.9"})
        sessions = self.stack.call("auth.ListSessions", session=browser.cookies[stack.SESSION])["sessions"]
        self.assertEqual([entry["address"] for entry in sessions if entry["current"]], ["127.0.0.1"])

    def test_a_form_that_is_too_long_is_refused(self):
        answer = self.browser(source=("127.0.0.2", 0)).request("POST", "/log-in", body=b"x" * 70_000)
        self.assertEqual(answer.status, 413)

    def test_a_flood_of_log_ins_from_one_address_is_held_back_and_nobody_else_is(self):
        for address, path in (("127.0.0.3", "/log-in"), ("127.0.0.5", "/log-in/"), ("127.0.0.6", "/two-factor/verify")):
            with self.subTest(path):
                flood = self.browser(source=(address, 0))
                statuses = [flood.request("POST", path, body=b"").status for _ in range(60)]
                self.assertIn(429, statuses)
                self.assertNotIn(429, statuses[:20])
                self.assertEqual(flood.get("/log-in").status, 200)
        self.assertNotEqual(self.browser(source=("127.0.0.4", 0)).request("POST", "/log-in", body=b"").status, 429)

    def test_the_access_log_has_no_query(self):
        secret = "invitation-secret-of-a-link"
        self.browser().get(f"/invitation?firm=demo&token={secret}")
        log = self.nginx.directory / "access.log"
        stack.wait_until(lambda: "GET /invitation" in log.read_text(), "the request in the log")
        self.assertNotIn(secret, log.read_text())


if __name__ == "__main__":
    unittest.main()
