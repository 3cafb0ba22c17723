/**
 * Lua's values and what is done with them: {@link dev.weir.lua.LuaState} is one world, everything else lives in one.
 *
 * <p>A value is a plain Java object: nil is {@code null}, booleans are {@link java.lang.Boolean}, numbers
 * {@link java.lang.Double}, strings {@link dev.weir.lua.LuaString}, tables {@link dev.weir.lua.LuaTable}, functions
 * {@link dev.weir.lua.LuaFunction}, threads {@link dev.weir.lua.LuaCoroutine}; an embedder's own things are
 * {@link dev.weir.lua.LuaUserdata}. No other class is ever seen by a script.
 */
@NullMarked
package dev.weir.lua;

import org.jspecify.annotations.NullMarked;
