package dev.weir.web.console;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.LineReader;
import org.jline.reader.impl.DefaultHighlighter;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** The line that is being typed: texts green, numbers cyan, Lua's own words bold, comments faint. */
final class LuaColours extends DefaultHighlighter {
    private static final Pattern PARTS = Pattern.compile("(?<comment>--.*)"
            + "|(?<text>\"(?:[^\"\\\\]|\\\\.)*+\"?|'(?:[^'\\\\]|\\\\.)*+'?)"
            + "|(?<word>\\b(?:and|break|do|else|elseif|end|false|for|function|goto|if|in|local|nil|not|or|repeat|return|then|true|until|while)\\b)"
            + "|(?<number>\\b(?:0[xX][0-9a-fA-F]+|[0-9]+(?:\\.[0-9]+)?)\\b)"
            + "|\\w+");

    @Override
    public AttributedString highlight(LineReader reader, String typed) {
        AttributedStringBuilder painted = new AttributedStringBuilder();
        Matcher part = PARTS.matcher(typed);
        int at = 0;
        while (part.find()) {
            painted.append(typed, at, part.start());
            painted.styled(style(part), part.group());
            at = part.end();
        }
        return painted.append(typed, at, typed.length()).toAttributedString();
    }

    private static AttributedStyle style(Matcher part) {
        if (part.group("text") != null) {
            return AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
        }
        if (part.group("number") != null) {
            return AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
        }
        if (part.group("word") != null) {
            return AttributedStyle.BOLD;
        }
        return part.group("comment") != null ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
    }
}
