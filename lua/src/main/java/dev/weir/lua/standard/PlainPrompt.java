package dev.weir.lua.standard;

import dev.weir.lua.LuaStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Asks on the standard streams, without editing. */
final class PlainPrompt implements LuaPrompt {
    private final LuaStreams streams;

    PlainPrompt(LuaStreams streams) {
        this.streams = streams;
    }

    @Override
    public @Nullable String readLine(String prompt) {
        try {
            streams.out().write(prompt.getBytes(StandardCharsets.ISO_8859_1));
            streams.out().flush();
            java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
            for (int octet = streams.in().read();
                    octet != '\n';
                    octet = streams.in().read()) {
                if (octet < 0) {
                    return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
                }
                line.write(octet);
            }
            return line.toString(StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
