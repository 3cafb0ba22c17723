package dev.weir.lua.library;

import dev.weir.lua.LuaStreams;
import java.io.IOException;
import java.io.InputStream;

/** Standard input; before it waits, what was written is shown. */
final class FlushingInput extends InputStream {
    private final LuaStreams streams;

    FlushingInput(LuaStreams streams) {
        this.streams = streams;
    }

    @Override
    public int read() throws IOException {
        streams.out().flush();
        return streams.in().read();
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
        streams.out().flush();
        return streams.in().read(octets, offset, length);
    }
}
