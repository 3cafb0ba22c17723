/**
 * Source text as a tree: {@link dev.weir.lua.syntax.Parser} reads a chunk, finds out which local or upvalue a name
 * means, and raises LuaJIT's syntax errors.
 */
@NullMarked
package dev.weir.lua.syntax;

import org.jspecify.annotations.NullMarked;
