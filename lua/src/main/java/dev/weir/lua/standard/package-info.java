/**
 * Everything put together: {@link dev.weir.lua.standard.StandardLua} makes a world with the libraries, and
 * {@link dev.weir.lua.standard.LuaCommand} is the program {@code lua}.
 */
@NullMarked
package dev.weir.lua.standard;

import org.jspecify.annotations.NullMarked;
