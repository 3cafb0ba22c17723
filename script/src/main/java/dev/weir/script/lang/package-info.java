/** Lua itself: LuaJ made to behave as LuaJIT, and the shapes that functions and objects of ours have towards it. */
@NullMarked
package dev.weir.script.lang;

import org.jspecify.annotations.NullMarked;
