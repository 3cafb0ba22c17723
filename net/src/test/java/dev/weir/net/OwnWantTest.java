package dev.weir.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class OwnWantTest {
    @Test
    void numbersOfThisHostAreToldFromTheBackends() {
        for (int errno :
                new int[] {Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.EADDRNOTAVAIL, Errno.EPERM}) {
            assertThat(OwnWant.is(errno)).as(Errno.name(errno)).isTrue();
        }
        for (int errno : new int[] {Errno.ECONNREFUSED, Errno.ECONNRESET, Errno.ETIMEDOUT, Errno.EHOSTUNREACH}) {
            assertThat(OwnWant.is(errno)).as(Errno.name(errno)).isFalse();
        }
        assertThat(OwnWant.is(new SyscallException("socket", Errno.EMFILE))).isTrue();
        assertThat(OwnWant.is(new SyscallException("connect", Errno.ECONNREFUSED)))
                .isFalse();
    }

    @Test
    void theJdksWordsAreRecognised() throws IOException {
        assertThat(OwnWant.is(new SocketException("Too many open files"))).isTrue();
        assertThat(OwnWant.is(new IllegalStateException("no", new SocketException("Too many open files"))))
                .isTrue();
        assertThat(OwnWant.is(new ConnectException("Cannot assign requested address: /192.0.2.1:53")))
                .isTrue();
        assertThat(OwnWant.is(new ConnectException("Connection refused"))).isFalse();
        assertThat(OwnWant.is((Throwable) null)).isFalse();
        try (Socket socket = new Socket()) {
            Throwable real = Assertions.catchThrowable(() ->
                    socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1}), 0)));
            assertThat(OwnWant.is(real)).isTrue();
        }
    }
}
