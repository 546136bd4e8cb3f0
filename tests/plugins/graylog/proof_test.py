"""plugins/graylog/templates/proof against a Graylog of which every answer can be chosen."""
import http.server
import json
import pathlib
import re
import socketserver
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

PROOF = pathlib.Path(__file__).resolve().parents[3] / "plugins" / "graylog" / "templates" / "proof"
JOURNAL = {"enabled": True, "journal_size": 10, "journal_size_limit": 1000}


def state(title, state="RUNNING", detail=None):
    """One entry as Graylog 3.3 has it: what an input is, after how it is."""
    return {"id": "5f", "state": state, "started_at": "2026-11-29T12:00:00.000Z", "detailed_message": detail,
            "message_input": {"title": title, "global": True, "name": "GELF TCP", "attributes": {"port": 1, "tls_enable": False}}}


class Gelf(socketserver.StreamRequestHandler):
    """An input: what it takes can be searched for."""

    def handle(self):
        self.server.taken.append(self.rfile.read().decode())


class Rest(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urllib.parse.urlsplit(self.path).path.removeprefix("/api/")
        answer = self.server.answers.get(path)
        if path.startswith("search/"):
            answer = {"messages": [] if self.server.blind else self.server.taken}
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        text = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
        self.send_response(status)
        if self.server.in_chunks:
            self.send_header("Transfer-Encoding", "chunked")
            pieces = [text[i:i + 7] for i in range(0, len(text), 7)]
            text = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Proof(unittest.TestCase):
    def setUp(self):
        self.rest = self.served(http.server.ThreadingHTTPServer, Rest)
        self.gelf = self.served(socketserver.ThreadingTCPServer, Gelf)
        self.rest.taken = self.gelf.taken = []
        self.rest.blind = self.rest.in_chunks = False
        self.rest.answers = {"system/inputstates": {"states": [state("plain"), state('of "others"')]}, "system/journal": dict(JOURNAL),
                             "system/indexer/cluster/health": {"status": "green", "shards": {}},
                             "system/notifications": {"total": 0, "notifications": []}}

    def served(self, server, handler):
        one = server(("127.0.0.1", 0), handler)
        one.daemon_threads = True
        threading.Thread(target=one.serve_forever, daemon=True).start()
        self.addCleanup(one.server_close)
        self.addCleanup(one.shutdown)
        return one

    def proof(self, journal="true", port=None, more=""):
        """Exit code and what is said, of one input that gets a message and one that wants its clients' certificates."""
        program = (f"host=127.0.0.1 in_url=127.0.0.1 port={port or self.rest.server_address[1]} tls=false full_percent=90 journal={journal} patience=2 settle=1 "
                   f"log=/var/log/server.log login=x\n{PROOF.read_text()}\n"
                   f"input plain '\"plain\"'\nmessage gelf-tcp 127.0.0.1 {self.gelf.server_address[1]} false plain\n"
                   "input 'of \"others\"' '\"of \\\"others\\\"\"'\n" + more + "\nfinish\n")
        done = subprocess.run(["/bin/bash", "-s"], input=program, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def assert_says(self, *patterns):
        code, said = self.proof()
        self.assertEqual(code, 1, said)
        self.assertEqual(len(said.splitlines()), len(patterns), said)
        for pattern, line in zip(patterns, said.splitlines()):
            self.assertRegex(line, pattern)

    def test_all_is_well(self):
        self.assertEqual(self.proof(), (0, ""))
        self.assertEqual(len(self.gelf.taken), 1)

    def test_an_answer_in_chunks_is_one(self):
        self.rest.in_chunks = True
        self.assertEqual(self.proof(), (0, ""))

    def test_an_input_that_no_message_is_sent_to(self):
        states = self.rest.answers["system/inputstates"]["states"]
        states[1] = state('of "others"', "FAILED", 'bind failed, "state":"RUNNING" {no}')
        self.assert_says(r'^input "of "others"" is FAILED \(bind failed, .*no\}\): start it under System / Inputs; .*/var/log/server\.log$')
        states[1] = state('of "others"', "STOPPED")
        self.assert_says(r'^input "of "others"" is STOPPED: start it')
        states[1] = state("others")
        self.assert_says(r'^input "of "others"" does not run: start it under System / Inputs, .* see /var/log/server\.log$')

    def test_the_same_name_twice_and_one_fails(self):
        self.rest.answers["system/inputstates"]["states"].append(state("plain", "FAILED"))
        self.assert_says(r'^input "plain" is FAILED')

    def test_a_message_that_is_not_found(self):
        self.rest.blind = True
        self.assert_says(r'^a message to input "plain" is not found after 2 s$')
        self.assertGreaterEqual(len(self.gelf.taken), 1)

    def test_an_input_of_one_node_matters_there(self):
        with tempfile.NamedTemporaryFile("w") as own:
            own.write("5b7e-1")
            own.flush()
            self.assertEqual(self.proof(more=f"node_id={own.name}\nis_node 5b7e-2 && input far '\"far\"'"), (0, ""))
            self.assertEqual(self.proof(more=f"node_id={own.name}\nis_node 5b7e-1 && input near '\"near\"'")[0], 1)

    def test_a_full_journal(self):
        self.rest.answers["system/journal"]["journal_size"] = 910
        self.assert_says("^the journal is full to 91 %: ")
        self.rest.answers["system/journal"]["journal_size"] = 900
        self.assertEqual(self.proof(), (0, ""))

    def test_without_a_journal_it_is_not_asked_for(self):
        self.rest.answers["system/journal"] = {"enabled": False}
        self.assertEqual(self.proof(journal="false"), (0, ""))
        self.assertEqual(self.proof()[0], 1)

    def test_a_search_server_that_is_not_well(self):
        self.rest.answers["system/indexer/cluster/health"] = {"status": "red"}
        self.assert_says('^the search server is not well: {"status":"red"}; ')

    def test_a_disk_above_each_watermark(self):
        for mark in ("low", "high", "flood_stage"):
            self.rest.answers["system/notifications"] = {"total": 1, "notifications": [{"severity": "urgent", "type": f"es_node_disk_watermark_{mark}"}]}
            self.assert_says("^the disk of the search server is nearly full: make room")

    def test_no_answer_or_an_odd_one_is_not_good(self):
        well = dict(self.rest.answers)
        for path in well:
            for odd in ((500, {"message": "no"}), (200, b""), (200, {"message": "no"}), (200, json.dumps(well[path]).encode()[:-1])):
                with self.subTest(path=path, odd=odd):
                    self.rest.answers = {**well, path: odd}
                    self.assert_says(f"GET /api/{re.escape(path)} answers ")

    def test_a_journal_without_figures(self):
        self.rest.answers["system/journal"] = {"enabled": True}
        self.assert_says("^Graylog does not say how full its journal is")

    def test_nobody_answers(self):
        code, said = self.proof(port=1)
        self.assertEqual(code, 1)
        for path in self.rest.answers:
            self.assertIn(f'GET /api/{path} answers "nothing"', said)


if __name__ == "__main__":
    unittest.main()
