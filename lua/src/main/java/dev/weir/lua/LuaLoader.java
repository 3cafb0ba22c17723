package dev.weir.lua;

/** Makes functions of source text. */
@FunctionalInterface
public interface LuaLoader {
    /**
     * The chunk as a function.
     *
     * @param source the text
     * @param name the chunk's name: {@code @FILE}, {@code =NAME} or the source itself
     * @param environment where it finds its globals
     * @throws LuaError with the message of a syntax error
     */
    LuaFunction load(LuaString source, LuaString name, LuaTable environment);
}
