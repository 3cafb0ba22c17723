package dev.weir.net.health;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.Health.Outcome;
import dev.weir.net.OwnWant;
import dev.weir.net.health.CheckRunner.Ended;
import dev.weir.net.udp.SocketAddresses;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A check over a TCP connection of its own (RFC 1035 4.2.2). */
final class TcpCheck {
    private TcpCheck() {}

    /** Asks and waits for the answer, no longer than the check's deadline. The source interface is left to routing: Java cannot bind to one. */
    static Ended run(Check check) {
        Backend backend = check.backend();
        try (Socket socket = new Socket()) {
            IpAddress source = backend.spec().source().address();
            if (source != null) {
                socket.bind(SocketAddresses.toSocket(source, 0).toInetSocketAddress());
            }
            socket.connect(SocketAddresses.toSocket(backend.address()).toInetSocketAddress(), millisLeft(check));
            OutputStream out = socket.getOutputStream();
            out.write(check.stream());
            out.flush();
            byte[] answer = read(socket, check);
            Outcome outcome = check.judge(answer, answer.length);
            IpAddress local = IpAddress.of(socket.getLocalAddress().getAddress());
            return new Ended(check, outcome, check.explain(outcome), local);
        } catch (SocketTimeoutException e) {
            return new Ended(check, Outcome.TIMEOUT, check.explain(Outcome.TIMEOUT), null);
        } catch (EOFException e) {
            return new Ended(check, Outcome.NETWORK, "the connection was closed before the answer", null);
        } catch (IOException e) {
            return new Ended(
                    check, OwnWant.is(e) ? Outcome.UNASKED : Outcome.NETWORK, String.valueOf(e.getMessage()), null);
        }
    }

    private static byte[] read(Socket socket, Check check) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] prefix = readFully(socket, in, 2, check);
        return readFully(socket, in, (prefix[0] & 0xff) << 8 | prefix[1] & 0xff, check);
    }

    private static byte[] readFully(Socket socket, DataInputStream in, int length, Check check) throws IOException {
        byte[] bytes = new byte[length];
        int have = 0;
        while (have < length) {
            socket.setSoTimeout(millisLeft(check));
            int count = in.read(bytes, have, length - have);
            if (count < 0) {
                throw new EOFException();
            }
            have += count;
        }
        return bytes;
    }

    private static int millisLeft(Check check) throws SocketTimeoutException {
        long millis = (check.deadlineNanos() - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }
}
