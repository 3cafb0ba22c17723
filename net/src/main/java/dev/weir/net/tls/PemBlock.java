package dev.weir.net.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One block of a PEM file (RFC 7468): its label, what it holds, and the line at which it begins, from 1.
 */
record PemBlock(String label, byte[] content, int line) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    /** Whether a file holds any block. */
    static boolean isPem(byte[] file) {
        return new String(file, StandardCharsets.ISO_8859_1).contains(BEGIN);
    }

    /** All blocks; text between them says nothing. @throws IOException saying what is wrong at which line */
    static List<PemBlock> parse(byte[] file) throws IOException {
        List<PemBlock> blocks = new ArrayList<>();
        String label = "";
        int begun = 0;
        StringBuilder text = new StringBuilder();
        int number = 0;
        for (String raw : new String(file, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String line = raw.strip();
            number++;
            if (line.startsWith(BEGIN)) {
                if (begun > 0) {
                    throw new IOException("line " + begun + ": the block that begins here has no end");
                }
                label = line.substring(BEGIN.length()).replace(DASHES, "");
                begun = number;
                text.setLength(0);
            } else if (begun > 0 && line.startsWith(END)) {
                blocks.add(new PemBlock(label, decode(text, begun), begun));
                begun = 0;
            } else if (begun > 0 && !line.contains(":")) {
                text.append(line);
            }
        }
        if (begun > 0) {
            throw new IOException("line " + begun + ": the block that begins here has no end");
        }
        return blocks;
    }

    private static byte[] decode(StringBuilder text, int line) throws IOException {
        try {
            return Base64.getDecoder().decode(text.toString());
        } catch (IllegalArgumentException e) {
            throw new IOException("line " + line + ": what this block holds is not Base64", e);
        }
    }
}
