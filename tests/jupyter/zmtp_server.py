"""libzmq as the server: prints the ports of a ROUTER that echoes, an XPUB that publishes what the router gets, and a REP that echoes."""
import zmq

context = zmq.Context()
context.linger = 0
router, publisher, echo = (context.socket(kind) for kind in (zmq.ROUTER, zmq.XPUB, zmq.REP))
print(*(socket.bind_to_random_port("tcp://127.0.0.1") for socket in (router, publisher, echo)))

poller = zmq.Poller()
for socket in (router, publisher, echo):
    poller.register(socket, zmq.POLLIN)
while True:
    events = dict(poller.poll(20_000))
    if not events:
        raise SystemExit("nobody called for 20 s")
    if publisher in events:
        publisher.send_multipart([publisher.recv()[1:], b"welcome"])
    if echo in events:
        echo.send(echo.recv())
    if router in events:
        message = router.recv_multipart()
        if message[1] == b"stop":
            break
        router.send_multipart(message)
        publisher.send_multipart(message[1:])
