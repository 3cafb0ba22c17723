package dev.weir.web.console;

import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/** The whole terminal as a picture that is drawn anew; what was there before comes back at the end. One thread. */
public final class TerminalScreen implements AutoCloseable {
    /** Of a terminal that does not know its size. */
    private static final int ROWS = 24;

    private static final int COLUMNS = 80;

    private final Terminal terminal;
    private final Attributes before;

    private TerminalScreen(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
    }

    /** @throws IOException if there is no terminal that can be drawn on */
    public static TerminalScreen open() throws IOException {
        Terminal terminal = TerminalBuilder.builder().system(true).dumb(false).build();
        TerminalScreen screen = new TerminalScreen(terminal);
        // Ctrl-C ends the program as always.
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ISIG, true);
        terminal.setAttributes(attributes);
        return screen;
    }

    public int rows() {
        return terminal.getHeight() > 0 ? terminal.getHeight() : ROWS;
    }

    public int columns() {
        return terminal.getWidth() > 0 ? terminal.getWidth() : COLUMNS;
    }

    /** Shows these lines, as many and as much of them as there is room for. What is no printable text becomes a dot. */
    public void draw(String text) {
        StringBuilder picture = new StringBuilder("\033[H");
        int left = rows();
        for (String line : text.split("\n", -1)) {
            if (left-- == 0) {
                break;
            }
            String shown = line.length() > columns() ? line.substring(0, columns()) : line;
            shown.chars().forEach(c -> picture.append(c < ' ' || c >= 0x7f && c < 0xa0 ? '.' : (char) c));
            picture.append("\033[K");
            if (left > 0) {
                picture.append('\n');
            }
        }
        terminal.writer().print(picture.append("\033[J"));
        terminal.flush();
    }

    /** The key that is pressed within this time; negative if none is. */
    public int key(long millis) throws IOException {
        return terminal.reader().read(Math.max(1, millis));
    }

    @Override
    public void close() throws IOException {
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.setAttributes(before);
        terminal.close();
    }
}
