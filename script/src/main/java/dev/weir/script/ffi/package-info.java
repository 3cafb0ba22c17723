/** The C-like interface that FFI rules, actions and policies call: what {@code ffi.C} has in the operator's worlds of Lua. */
@NullMarked
package dev.weir.script.ffi;

import org.jspecify.annotations.NullMarked;
