/** Lua's patterns over octets: matching, and the search for plain octets. Knows neither values nor states. */
@NullMarked
package dev.weir.lua.pattern;

import org.jspecify.annotations.NullMarked;
