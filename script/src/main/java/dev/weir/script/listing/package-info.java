/**
 * The texts of the console's listings, column for column as dnsdist prints them. Plain text over engine's objects: nothing here knows Lua.
 * Every line ends in a line feed. Any thread; figures of different objects are read one after the other.
 */
@NullMarked
package dev.weir.script.listing;

import org.jspecify.annotations.NullMarked;
