/**
 * The libraries that scripts find as globals: string, table, math, bit, os, io and jit. Each class {@code open}s one in a world.
 *
 * <p>The functions of a library are the constants of an enum, which is one class to load instead of one per function.
 */
@NullMarked
package dev.weir.lua.library;

import org.jspecify.annotations.NullMarked;
