package dev.weir.lua;

/** How messages show where a chunk came from: {@code FILE}, {@code NAME} or {@code [string "..."]}. */
public final class ChunkNames {
    /** What C's LUA_IDSIZE leaves for text. */
    private static final int ROOM = 59;

    private ChunkNames() {}

    /** The short form of a chunk's name. */
    public static String shorten(LuaString source) {
        String name = source.toString();
        if (name.startsWith("=")) {
            return name.substring(1, Math.min(name.length(), ROOM + 1));
        }
        if (name.startsWith("@")) {
            String file = name.substring(1);
            return file.length() <= ROOM ? file : "..." + file.substring(file.length() - ROOM + 3);
        }
        int line = 0;
        while (line < name.length() && name.charAt(line) != '\n' && name.charAt(line) != '\r') {
            line++;
        }
        int room = ROOM - "[string \"...\"]".length();
        boolean cut = line < name.length() || line > ROOM - "[string \"\"]".length();
        String shown = cut ? name.substring(0, Math.min(line, room)) : name;
        return "[string \"" + shown + (cut ? "..." : "") + "\"]";
    }
}
