package dev.weir.lua;

/**
 * What a value is called at some place of a script.
 *
 * @param kind {@code local}, {@code upvalue}, {@code global}, {@code field}, {@code method}
 * @param name the name itself
 */
public record SiteName(String kind, LuaString name) {
    @Override
    public String toString() {
        return kind + " '" + name + "'";
    }
}
