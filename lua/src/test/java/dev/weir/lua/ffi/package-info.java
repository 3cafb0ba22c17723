/** Tests of functions and objects that an embedding program gives to scripts. */
@NullMarked
package dev.weir.lua.ffi;

import org.jspecify.annotations.NullMarked;
