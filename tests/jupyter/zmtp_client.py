"""libzmq as the client of our sockets: python3 zmtp_client.py ROUTER_PORT XPUB_PORT ECHO_PORT

The router echoes each message; a message "publish" makes the publisher send what follows.
"""
import sys

import zmq
from zmq.utils.monitor import recv_monitor_message

router_port, pub_port, echo_port = map(int, sys.argv[1:])
context = zmq.Context()
context.linger = 0


def connect(kind, port, **options):
    socket = context.socket(kind)
    socket.rcvtimeo = socket.sndtimeo = 60_000
    for name, value in options.items():
        setattr(socket, name, value)
    socket.connect(f"tcp://127.0.0.1:{port}")
    return socket


shapes = [[0], [1], [255], [256], [65_535], [65_536], [5_000_000], [0, 0, 0], [3, 300, 70_000, 0]]
messages = [[bytes([i % 256]) * n for i, n in enumerate(shape)] for shape in shapes]

# heartbeat_ivl makes libzmq send PING; it disconnects when no PONG comes back in time. This connection carries nothing else until the end.
HEARTBEAT_LIMIT = 5_000
beating = connect(zmq.DEALER, router_port, heartbeat_ivl=50, heartbeat_timeout=HEARTBEAT_LIMIT)
monitor = beating.get_monitor_socket(zmq.EVENT_DISCONNECTED)
beating.send(b"connected")
assert beating.recv() == b"connected"

dealer = connect(zmq.DEALER, router_port, identity=b"a dealer")
for message in messages:
    dealer.send_multipart(message)
for message in messages:
    assert dealer.recv_multipart() == message

# Several unnamed peers at once: each gets its own answers.
dealers = [connect(zmq.DEALER, router_port) for _ in range(10)]
for i, peer in enumerate(dealers):
    peer.send(f"from {i}".encode())
for i, peer in enumerate(dealers):
    assert peer.recv() == f"from {i}".encode()

# A second connection under a used name takes over.
again = connect(zmq.DEALER, router_port, identity=b"a dealer")
again.send(b"again")
assert again.recv() == b"again"

request = connect(zmq.REQ, echo_port)
for n in (0, 1, 1000):
    request.send(b"ping" * n)
    assert request.recv() == b"ping" * n

subscribers = {topic: connect(zmq.SUB, pub_port) for topic in (b"", b"a", b"ab", b"b")}
for topic, subscriber in subscribers.items():
    subscriber.subscribe(topic)
    assert subscriber.recv_multipart() == [topic, b"welcome"]
for topic in (b"a", b"ab", b"abc", b"b", b""):
    dealers[0].send_multipart([b"publish", topic, b"body of " + topic])
    assert dealers[0].recv_multipart() == [b"publish", topic, b"body of " + topic]
expected = {b"": [b"a", b"ab", b"abc", b"b", b""], b"a": [b"a", b"ab", b"abc"], b"ab": [b"ab", b"abc"], b"b": [b"b"]}
received = {topic: [subscriber.recv_multipart()[0] for _ in expected[topic]] for topic, subscriber in subscribers.items()}
assert received == expected, received
assert not any(subscriber.poll(100) for subscriber in subscribers.values())
subscribers[b"a"].unsubscribe(b"a")
subscribers[b"a"].subscribe(b"z")
assert subscribers[b"a"].recv_multipart() == [b"z", b"welcome"]
dealers[0].send_multipart([b"publish", b"abc", b"not for a"])
dealers[0].recv_multipart()
assert subscribers[b"ab"].recv_multipart() == [b"abc", b"not for a"]
assert subscribers[b"a"].poll(100) == 0

if monitor.poll(HEARTBEAT_LIMIT + 500):
    raise SystemExit(f"disconnected: {recv_monitor_message(monitor)}")
beating.send(b"still here")
assert beating.recv() == b"still here"

print("ok", zmq.zmq_version())
