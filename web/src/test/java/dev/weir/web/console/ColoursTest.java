package dev.weir.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.Test;

class ColoursTest {
    private static final String SERVERS = """
            #   Name                 Address                       State     Qps    Qlim Ord Wt
            0   main                 192.0.2.1:53                     up     0.0
            1                        [2001:db8::1]:53               DOWN     0.0
            All                                                              0.0
            """;

    @Test
    void serversThatAreDownStandOut() {
        String painted = AnswerColours.paint(SERVERS);
        assertThat(painted).contains("\033[32mup\033[0m", "\033[31mDOWN\033[0m");
        assertThat(painted.replaceAll("\033\\[\\d+m", "")).isEqualTo(SERVERS);
    }

    @Test
    void errorsAreRedAndTheRestIsAsItIs() {
        assertThat(AnswerColours.paint("Error: no\n")).isEqualTo("\033[31mError: no\033[0m\n");
        for (String plain : new String[] {"", "\n", "up", "7 is up", "a\nb"}) {
            assertThat(AnswerColours.paint(plain)).isEqualTo(plain);
        }
    }

    @Test
    void whatIsTypedKeepsItsLetters() throws Exception {
        try (Terminal terminal = new DumbTerminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream())) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            String line = "if x1 then newServer{address='192.0.2.1', order=7} end -- 'why";
            AttributedString painted = new LuaColours().highlight(reader, line);
            assertThat(painted.toString()).isEqualTo(line);
            assertThat(painted.styleAt(line.indexOf("192")))
                    .isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN));
            assertThat(painted.styleAt(line.indexOf('7')))
                    .isEqualTo(AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN));
            assertThat(painted.styleAt(line.indexOf("then"))).isEqualTo(AttributedStyle.BOLD);
            assertThat(painted.styleAt(line.indexOf("1 then"))).isEqualTo(AttributedStyle.DEFAULT);
            assertThat(painted.styleAt(line.indexOf("why"))).isEqualTo(AttributedStyle.DEFAULT.faint());
            for (String broken : new String[] {"\"", "'a\\", "--", "[[", "\u00e4("}) {
                assertThat(new LuaColours().highlight(reader, broken).toString())
                        .isEqualTo(broken);
            }
        }
    }
}
