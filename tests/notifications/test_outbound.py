"""Nobody sends the portal into its own network, keeps it waiting, or makes it go elsewhere."""

import socket
import threading
import time

import pytest

from iem_portal.notifications import outbound
from iem_portal.notifications.errors import PermanentFailure, TemporaryFailure

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
        "fd00:ec2::254", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "ff02::1",
        "2001:0:7f00:1::",
    ],
)  # fmt: skip
def test_private_and_metadata_addresses_are_not_public(address):
    assert not outbound.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "52.94.236.248", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are(address):
    assert outbound.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "ftp://example.com/", "file:///etc/passwd", "http://example.com/", "https://", "https://u:p@example.com/",
        "https://exa mple.com/", "https://example.com:99999/", "https://[::1/", "https://example.com/\r\nX: y",
        "https://é.example/", "//example.com/", "https://" + "a" * 300 + ".com/",
    ],
)  # fmt: skip
def test_what_is_no_https_address_is_refused_in_words(url):
    with pytest.raises(PermanentFailure, match=r"\w"):
        outbound.checked(url)


def test_a_name_that_leads_inside_is_refused_and_nothing_is_sent(receiver, settings):
    settings.WEBHOOK_ALLOWED_HOSTS = []
    for host in ("localhost", "127.0.0.1", "[::1]", "169.254.169.254", "2130706433", "0x7f.1"):
        with pytest.raises(PermanentFailure, match="private network"):
            outbound.post(f"https://{host}:{receiver.port}/", b"{}", {})
    assert receiver.got == []


def test_one_private_address_among_several_is_enough_to_refuse(monkeypatch):
    rows = [(socket.AF_INET, 1, 6, "", (ip, 443)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(PermanentFailure, match="private network"):
        outbound.post("https://two.example/", b"", {})


def test_the_name_is_looked_up_once_so_it_cannot_change_its_mind(receiver, settings, monkeypatch):
    settings.WEBHOOK_ALLOWED_HOSTS = ["moving.example"]
    asked = []

    def look_up(host, port, **_words):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    outbound.post(f"http://moving.example:{receiver.port}/x", b"{}", {})
    assert asked == ["moving.example"]
    assert receiver.got[0][1]["Host"] == f"moving.example:{receiver.port}"


@pytest.mark.parametrize(
    ("answer", "failure", "pause_s"),
    [
        ((429, {"Retry-After": "17"}, "slow"), TemporaryFailure, 17),
        ((503, {"Date": "Sat, 28 Nov 2026 16:15:00 GMT", "Retry-After": "Sat, 28 Nov 2026 16:16:00 GMT"}, ""),
         TemporaryFailure, 60),
        ((500, {"Retry-After": "soon"}, "oops"), TemporaryFailure, 0),
        ((408, {}, ""), TemporaryFailure, 0),
        ((400, {}, "bad"), PermanentFailure, None),
        ((404, {}, "no_service"), PermanentFailure, None),
        ((302, {"Location": "http://169.254.169.254/"}, ""), PermanentFailure, None),
    ],
)  # fmt: skip
def test_answers_decide_between_later_and_never(receiver, answer, failure, pause_s):
    receiver.answers.append(answer)
    with pytest.raises(failure, match=str(answer[0])) as caught:
        outbound.post(receiver.url(), b"{}", {})
    assert getattr(caught.value, "retry_after_s", None) == pause_s
    assert len(receiver.got) == 1


def test_an_endless_answer_is_read_to_a_bound_only(receiver):
    receiver.answers.append((200, {}, "x" * 100_000))
    assert len(outbound.post(receiver.url(), b"{}", {}).text) == outbound.LONGEST_ANSWER


def test_nobody_there_is_tried_later(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    with pytest.raises(TemporaryFailure):
        outbound.post(f"http://127.0.0.1:{port}/", b"", {})


def test_a_receiver_that_drips_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(outbound, "WHOLE_S", 0.2)
    receiver.gate.clear()
    began = time.monotonic()
    with pytest.raises(TemporaryFailure):
        outbound.post(receiver.url(), b"{}", {})
    assert time.monotonic() - began < 15


def test_an_answer_that_drips_after_its_head_is_cut_off_too(settings, monkeypatch):
    settings.WEBHOOK_ALLOWED_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(outbound, "WHOLE_S", 0.3)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            came, _address = server.accept()
            with came:
                came.recv(4096)
                # "close" makes http.client give the socket away before the body is read.
                came.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nx")
                over.wait(30)

        threading.Thread(target=answer, daemon=True).start()
        began = time.monotonic()
        outbound.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
    over.set()
    assert time.monotonic() - began < 15


def test_one_that_was_cut_while_it_connected_says_nothing_more(receiver):
    parts = outbound.checked(receiver.url())
    connection = outbound._Pinned(parts, outbound._public_address(parts))
    connection.cut()
    with pytest.raises(TimeoutError):
        connection.request("POST", "/", b"{}")
    connection.close()
    assert receiver.got == []
