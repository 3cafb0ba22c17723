"""Opens N connections with TLS, asks one query over each, keeps them all open, and says so.

usage: idle.py dot|doh ADDRESS PORT N
Prints "open" and the count when half of them and when all of them are open; a line on standard input lets it go on.
"""

import socket
import ssl
import struct
import sys

QUESTION = b"ab\1\0\0\1\0\0\0\0\0\0\5probe\5bench\4test\0\0\1\0\1"


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise EOFError("closed by the server")
        data += more
    return data


def ask_dot(connection):
    connection.sendall(struct.pack("!H", len(QUESTION)) + QUESTION)
    answer = exactly(connection, struct.unpack("!H", exactly(connection, 2))[0])
    assert answer[:2] == b"ab", answer


def frame(kind, flags, stream, payload):
    return struct.pack("!I", len(payload))[1:] + struct.pack("!BBI", kind, flags, stream) + payload


def text(value):
    return bytes([len(value)]) + value


def ask_doh(connection):
    """RFC 9113 and RFC 7541, with literals without Huffman codes."""
    head = b"\x83\x87"  # POST, https
    head += b"\x44" + text(b"/dns-query") + b"\x41" + text(b"bench.test")
    head += b"\x5f" + text(b"application/dns-message")
    connection.sendall(
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
        + frame(4, 0, 0, b"")
        + frame(1, 4, 1, head)
        + frame(0, 1, 1, QUESTION)
    )
    while True:
        length, kind, flags, stream = struct.unpack("!IBBI", b"\0" + exactly(connection, 9))
        payload = exactly(connection, length)
        if kind == 4 and not flags & 1:
            connection.sendall(frame(4, 1, 0, b""))
        if kind == 0 and stream == 1 and payload:
            assert payload[:2] == b"ab", payload
        if kind in (0, 1) and flags & 1:
            return


def main():
    kind, address, port, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2" if kind == "doh" else "dot"])
    kept = []
    for number in range(1, count + 1):
        connection = context.wrap_socket(socket.create_connection((address, port), 10))
        (ask_doh if kind == "doh" else ask_dot)(connection)
        kept.append(connection)
        if number in (count // 2, count):
            print("open", number, flush=True)
            sys.stdin.readline()


main()
