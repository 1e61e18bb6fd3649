"""The folder broker hands over whole messages only, and survives what a killed process leaves behind."""

from queue import Empty

import pytest
from kombu import Connection

from iem_portal import broker  # noqa: F401  (names folder://)


@pytest.fixture
def options(tmp_path):
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    folders = {"data_folder_in": tmp_path / "queue", "data_folder_out": tmp_path / "queue"}
    return {**folders, "control_folder": tmp_path / "control"}


@pytest.fixture
def channel(options):
    with Connection("folder://", transport_options=options) as connection:
        yield connection.default_channel


class Peek:
    """Looks into the queue while it is being written into it itself."""

    def __init__(self, channel):
        self.channel = channel
        self.saw = None

    def __json__(self):
        try:
            self.saw = self.channel._get("aws")
        except Empty:
            self.saw = "nothing"
        return "peeked"


def test_a_message_is_seen_only_when_it_is_complete(channel):
    peek = Peek(channel)
    channel._put("aws", {"body": peek})
    assert peek.saw == "nothing"
    assert channel._get("aws") == {"body": "peeked"}


def test_what_a_killed_writer_left_stops_nobody(channel, options):
    (options["data_folder_in"] / ".part-1").write_text("")
    channel._put("aws", {"n": 1})
    assert channel._get("aws") == {"n": 1}
    with pytest.raises(Empty):
        channel._get("aws")


def test_every_message_leaves_once_and_from_its_own_queue(channel):
    for number in range(20):
        channel._put("sla", {"n": number})
    channel._put("aws", {"n": "other"})
    assert channel._size("sla") == 20
    taken = {channel._get("sla")["n"] for _ in range(20)}
    assert taken == set(range(20))
    with pytest.raises(Empty):
        channel._get("sla")


def test_an_exchange_remembers_each_queue_once(channel):
    for queue in ("a", "b", "a"):
        channel._queue_bind("news", "key", None, queue)
    assert {row.queue for row in channel.get_table("news")} == {"a", "b"}
    assert len(channel.get_table("news")) == 2
    channel._delete("a", "news", "key", None)
    assert [row.queue for row in channel.get_table("news")] == ["b"]


def test_a_task_message_travels(options):
    with Connection("folder://", transport_options=options) as connection:
        queue = connection.SimpleQueue("wakeups")
        queue.put({"task": "tick"})
        message = queue.get(timeout=1)
        message.ack()
        queue.close()
    assert message.payload == {"task": "tick"}
