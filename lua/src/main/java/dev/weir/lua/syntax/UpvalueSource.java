package dev.weir.lua.syntax;

import dev.weir.lua.LuaString;
import org.jspecify.annotations.Nullable;

/**
 * Where a new function finds one of its upvalues.
 *
 * @param name the variable's name
 * @param local the variable, if it is a local of the function around; else null
 * @param index the number among that function's own upvalues, if it is not
 * @param declared the variable, of whatever function around
 */
public record UpvalueSource(LuaString name, @Nullable LocalVariable local, int index, LocalVariable declared) {}
