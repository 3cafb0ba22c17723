/** Random programs, run here and in LuaJIT. */
@NullMarked
package dev.weir.lua.random;

import org.jspecify.annotations.NullMarked;
