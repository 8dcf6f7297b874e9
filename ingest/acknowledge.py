"""Which deliveries of one connection still wait for an answer, and in which order the answers go out."""

from collections import deque
from collections.abc import Callable

from ingest.seams import Outcome


class Acknowledgement:
    """The answer that one message waits for; its `settle` is the `Delivery`'s."""

    __slots__ = ("_book", "mid", "qos", "settled")

    def __init__(self, book: "Acknowledgements", mid: int, qos: int) -> None:
        self._book = book
        self.mid = mid
        self.qos = qos
        self.settled = False

    def settle(self, _outcome: Outcome) -> None:
        """What became of the message is durable: the broker may forget it, whatever the outcome."""
        if self.settled:
            self._book.on_second_settle()
            return
        self.settled = True
        self._book.send_settled()


class Acknowledgements:
    """The unanswered messages of one connection, oldest first.

    `send(mid, qos)` is called in the order in which the messages came, whatever the order of settling
    ([MQTT-4.6.0-2]), and once a message: by a second time the broker may have given the packet id to
    another message, and would delete that one. For the same reason nothing is sent after `close`.
    A second settling is a fault of ours, reported to `on_second_settle` and otherwise without effect:
    raised, it would keep the caller from settling the rest of its group.
    """

    def __init__(self, send: Callable[[int, int], object], on_second_settle: Callable[[], None]) -> None:
        self.on_second_settle = on_second_settle
        self._send = send
        self._waiting: deque[Acknowledgement] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def expect(self, mid: int, qos: int) -> Acknowledgement:
        """Note a message that came; nobody waits for an answer to one of QoS 0."""
        acknowledgement = Acknowledgement(self, mid, qos)
        if qos:
            self._waiting.append(acknowledgement)
        return acknowledgement

    def send_settled(self) -> None:
        """Answer the oldest messages up to the first that is not settled."""
        waiting = self._waiting
        while waiting and waiting[0].settled:
            oldest = waiting.popleft()
            self._send(oldest.mid, oldest.qos)

    def abandon(self, acknowledgement: Acknowledgement) -> None:
        """Never answer: the broker will send this message again on the next connection."""
        acknowledgement.settled = True
        if acknowledgement in self._waiting:
            self._waiting.remove(acknowledgement)

    def close(self) -> None:
        """The connection is gone: settling what came on it is without effect from now on."""
        self._waiting.clear()
