package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The watch that other tests rely on does see a lost buffer. */
class BufferLeaksTest {
    @Test
    void aLostBufferIsFound() {
        lose();
        assertThat(BufferLeaks.found()).isNotEmpty();
    }

    private static void lose() {
        ByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }
}
