/** Lua itself: a world of the language as configurations expect it, and the shapes that functions and objects of ours have towards it. */
@NullMarked
package dev.weir.script.lang;

import org.jspecify.annotations.NullMarked;
