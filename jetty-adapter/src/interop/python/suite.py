"""Python's websockets as a client of the echo path: sizes, fragments, control frames, closing."""

import asyncio
import contextlib
import os
import ssl
import sys

import websockets

SIZES = [0, 1, 125, 126, 127, 65535, 65536, 65537, 1024 * 1024]
PATIENCE = 30


def same(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what} is {str(actual)[:80]!r}, not {str(expected)[:80]!r}")


def text(size):
    """Text that takes so many bytes, with characters of one to four bytes."""
    pattern = "aä€😀"
    count = size // len(pattern.encode())
    return pattern * count + "z" * (size - count * len(pattern.encode()))


class Suite:
    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.prefix = ""

    async def check(self, name, body, *args):
        try:
            await asyncio.wait_for(body(*args), 2 * PATIENCE)
            self.passed += 1
            print(f"ok python: {self.prefix} {name}", flush=True)
        except Exception as failure:  # whatever it is, it is what came of the check
            self.failed += 1
            reason = " | ".join(str(failure).split("\n")) or type(failure).__name__
            print(f"not ok python: {self.prefix} {name}: {reason}", flush=True)

    async def run(self, transport, base):
        self.prefix = transport
        url = base + "/echo"
        trust = None
        if transport == "wss":
            trust = ssl.create_default_context()
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE

        def connect(url=url, subprotocols=("echo",), compression=None):
            return websockets.connect(
                url,
                ssl=trust,
                subprotocols=list(subprotocols),
                compression=compression,
                max_size=None,
                ping_interval=None,
                open_timeout=PATIENCE,
                close_timeout=PATIENCE,
            )

        async def agreement():
            async with connect() as client:
                same(client.subprotocol, "echo", "sub-protocol")

        async def no_compression():
            async with connect(compression="deflate") as client:
                same(client.extensions, [], "extensions")
                await client.send("plain")
                same(await client.recv(), "plain", "echo")

        async def sip():
            async with connect(url=base + "/", subprotocols=["sip"]) as client:
                same(client.subprotocol, "sip", "sub-protocol")

        async def refusal():
            try:
                async with connect(subprotocols=["unknown.example"]):
                    raise AssertionError("opened")
            except websockets.InvalidStatusCode as refused:
                same(refused.status_code, 400, "status")

        async def no_such_path():
            try:
                async with connect(url=base + "/no-such-path"):
                    raise AssertionError("opened")
            except websockets.InvalidStatusCode as refused:
                same(refused.status_code, 404, "status")

        async def echo(payload):
            async with connect() as client:
                await client.send(payload)
                same(await client.recv(), payload, "echo")

        async def fragments(parts):
            async with connect() as client:
                await client.send(parts)
                same(await client.recv(), type(parts[0])().join(parts), "echo")

        async def ping_between_fragments():
            async with connect() as client:
                answered = []

                async def parts():
                    yield "before "
                    pong = await client.ping(b"between")
                    await pong
                    answered.append(True)
                    yield "after"

                await client.send(parts())
                same(await client.recv(), "before after", "echo")
                same(answered, [True], "pongs while the message was under way")

        async def many():
            async with connect() as client:
                for i in range(1000):
                    await client.send(f"message {i}")
                for i in range(1000):
                    same(await client.recv(), f"message {i}", "echo")

        async def ping(size):
            async with connect() as client:
                await (await client.ping(os.urandom(size)))

        async def pings():
            async with connect() as client:
                pongs = [await client.ping(str(i)) for i in range(10)]
                await asyncio.gather(*pongs)

        async def unasked_pong():
            async with connect() as client:
                await client.pong(b"unasked")
                await client.send("after")
                same(await client.recv(), "after", "echo")

        async def close(code, reason):
            async with connect() as client:
                await client.close(code, reason)
                same(client.close_rcvd.code, code, "code received")
                same(client.close_rcvd_then_sent, False, "received before it was sent")

        async def echo_before_close():
            async with connect() as client:
                await client.send(text(60_000))
                await client.close()
                same(await client.recv(), text(60_000), "echo")

        async def invalid_text():
            async with connect() as client:
                # websockets sends no such thing by itself: opcode 1 on bytes.
                await client.write_frame(True, 1, b"h\xffi")
                await client.wait_closed()
                same(client.close_code, 1007, "close code")

        async def stray_continuation():
            async with connect() as client:
                await client.write_frame(True, 0, b"stray")
                await client.wait_closed()
                same(client.close_code, 1002, "close code")

        async def at_once():
            async with contextlib.AsyncExitStack() as stack:
                clients = await asyncio.gather(*(stack.enter_async_context(connect()) for _ in range(100)))
                await asyncio.gather(*(client.send(str(i)) for i, client in enumerate(clients)))
                echoes = await asyncio.gather(*(client.recv() for client in clients))
                same(echoes, [str(i) for i in range(100)], "echoes")

        await self.check("agrees to sub-protocol echo", agreement)
        await self.check("takes an offer of compression without agreeing", no_compression)
        await self.check("offers sip at /", sip)
        await self.check("refuses a sub-protocol that it does not know: 400", refusal)
        await self.check("refuses a path that it does not serve: 404", no_such_path)
        for size in SIZES:
            await self.check(f"text of {size} bytes", echo, text(size))
            await self.check(f"binary of {size} bytes", echo, os.urandom(size))
        await self.check("text in fragments", fragments, [text(333), "", text(667), ""])
        await self.check("binary in fragments", fragments, [os.urandom(333), b"", os.urandom(667)])
        await self.check("text of 1 MiB in fragments of 16 KiB", fragments, [text(16384)] * 64)
        await self.check("a ping between fragments is answered at once", ping_between_fragments)
        await self.check("1000 messages at once, in order", many)
        for size in (0, 1, 125):
            await self.check(f"ping of {size} bytes", ping, size)
        await self.check("ten pings at once", pings)
        await self.check("a pong that nobody asked for", unasked_pong)
        for code in (1000, 1001, 1003, 1008, 1011, 3000, 3999, 4000, 4999):
            await self.check(f"close with {code} is answered with it", close, code, "a reason: €")
        await self.check("close with a reason of 123 bytes", close, 4000, "r" * 123)
        await self.check("a message sent before the close comes back before it", echo_before_close)
        await self.check("text that is not UTF-8: 1007", invalid_text)
        await self.check("a continuation of nothing: 1002", stray_continuation)
        await self.check("100 connections at once", at_once)


async def main():
    suite = Suite()
    for transport in ("ws", "wss"):
        address = os.environ.get("INTEROP_" + transport.upper())
        if address:
            await suite.run(transport, f"{transport}://{address}")
    print(f"# python: {suite.passed} passed, {suite.failed} failed")
    return 0 if suite.passed and not suite.failed else 1


sys.exit(asyncio.run(main()))
