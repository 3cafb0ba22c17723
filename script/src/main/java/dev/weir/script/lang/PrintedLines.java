package dev.weir.script.lang;

import dev.weir.engine.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/**
 * Where {@code print} and {@code io.write} write: whole lines, in order with those of the log and by the same way, so that a script on a data
 * thread never waits for who reads them. Belongs to whoever is in Lua.
 */
final class PrintedLines extends OutputStream {
    private static final int LONGEST_BYTES = 8192;

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void write(int octet) {
        line.write(octet);
        if (octet == '\n' || line.size() >= LONGEST_BYTES) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (line.size() > 0) {
            Log.print(line.toByteArray());
            line.reset();
        }
    }
}
