/** Anything at all as a program, a pattern, a format, a date or a declaration: a value or an error of Lua, never anything else. */
@NullMarked
package dev.weir.lua.fuzz;

import org.jspecify.annotations.NullMarked;
