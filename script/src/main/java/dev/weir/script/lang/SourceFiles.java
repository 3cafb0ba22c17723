package dev.weir.script.lang;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The Lua files of one world: how they are read, and which were while a configuration loaded. Belongs to the holder of the Lua lock. */
public final class SourceFiles {
    private final Map<String, byte[]> texts = new LinkedHashMap<>();
    private boolean remembering;

    /** Remembers what is read from now on. */
    public void remember() {
        remembering = true;
    }

    /** Ends that: the texts by their names in messages, in the order in which they were first read. */
    public Map<String, byte[]> taken() {
        remembering = false;
        Map<String, byte[]> all = new LinkedHashMap<>(texts);
        texts.clear();
        return all;
    }

    /** A text is about to be compiled. */
    void loaded(String name, byte[] text) {
        if (remembering) {
            texts.merge(name, text, SourceFiles::overlaid);
        }
    }

    /** Two chunks of one file, each with empty lines instead of the rest, as configurations in YAML have them. */
    private static byte[] overlaid(byte[] first, byte[] second) {
        if (Arrays.equals(first, second)) {
            return first;
        }
        String[] lines = new String(first, StandardCharsets.ISO_8859_1).split("\n", -1);
        String[] others = new String(second, StandardCharsets.ISO_8859_1).split("\n", -1);
        StringBuilder all = new StringBuilder(first.length + second.length);
        for (int i = 0; i < Math.max(lines.length, others.length); i++) {
            String other = i < others.length ? others[i] : "";
            all.append(other.isEmpty() && i < lines.length ? lines[i] : other).append('\n');
        }
        return all.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A text as it is compiled: as LuaJIT does, without the mark of its byte order (RFC 3629 6). */
    public static byte[] withoutMark(byte[] text) {
        boolean marked = text.length >= 3 && text[0] == (byte) 0xef && text[1] == (byte) 0xbb && text[2] == (byte) 0xbf;
        return marked ? Arrays.copyOfRange(text, 3, text.length) : text;
    }
}
