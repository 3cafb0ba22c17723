/**
 * The library {@code ffi}: C's types, values and functions for scripts, in memory whose bounds are always checked.
 *
 * <p>{@link dev.weir.lua.ffi.FfiLibrary} opens it in a world, {@link dev.weir.lua.ffi.ForeignFunction} is what an embedder writes,
 * {@link dev.weir.lua.ffi.CData} is what scripts hold. A pointer is a piece of memory and an offset in it; it becomes a number only where
 * a script or a native function looks at it as one.
 */
@NullMarked
package dev.weir.lua.ffi;

import org.jspecify.annotations.NullMarked;
