/**
 * Numbers as octets and back: what {@code tostring}, {@code string.format} and {@code tonumber} write and read.
 *
 * <p>Everything here works on octets, never on Java's characters or locales, and knows neither values nor states of Lua. Floating-point
 * numbers are written exactly: digits are those of the binary value, halves are rounded away from zero, as LuaJIT does.
 */
@NullMarked
package dev.weir.lua.text;

import org.jspecify.annotations.NullMarked;
